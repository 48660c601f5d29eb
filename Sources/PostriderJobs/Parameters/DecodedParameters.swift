/// What came of reading parameters from a body.
enum DecodedParameters<Parameters: Sendable>: Sendable {
    /// The body is not JSON; why, without anything of it.
    case malformed(String)
    /// All that is wrong.
    case invalid([ValidationIssue])
    /// Nothing is wrong.
    case valid(Parameters)
}

extension DecodedParameters where Parameters: JobParameters {
    /// Reads a body, decodes it and has it validated.
    init(body: [UInt8]) {
        let json: JSONValue
        do {
            json = try JSONValue.parsing(body)
        } catch {
            self = .malformed(error.description)
            return
        }
        self.init(json: json)
    }

    /// Decodes a value and has it validated.
    init(json: JSONValue) {
        let (value, found) = ParameterDecoder.decode(Parameters.self, from: json, unknownKeys: Parameters.unknownKeys)
        var issues = found
        if let value {
            var check = Validation()
            value.validate(&check)
            issues += check.issues
            if issues.isEmpty {
                self = .valid(value)
                return
            }
        }
        if issues.isEmpty {
            issues = [ValidationIssue(path: [], code: "invalid_value", message: "cannot be decoded")]
        }
        self = .invalid(Array(issues.prefix(ValidationIssue.countMax)))
    }
}
