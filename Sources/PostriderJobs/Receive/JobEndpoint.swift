import HTTPTypes
import Tracing

/// Answers the deliveries of one job.
struct JobEndpoint: Endpoint {
    let definition: JobDefinition
    let path: RoutePath

    init(definition: JobDefinition) {
        self.definition = definition
        self.path = RoutePath(definition.path)
    }

    var method: HTTPRequest.Method { .post }

    func respond(
        to request: JobRequest,
        parameters: [String: String],
        in environment: JobEnvironment
    ) async -> JobResponse {
        await environment.span(definition.spanName, ofKind: .server) { span in
            let delivery = JobDelivery(definition: definition, request: request, environment: environment, span: span)
            let answer = await delivery.answer()
            if span.isRecording {
                span.attributes[TelemetryAttribute.status] = answer.status
                if answer.status >= 500 { span.setStatus(SpanStatus(code: .error)) }
            }
            return answer.response
        }
    }
}
