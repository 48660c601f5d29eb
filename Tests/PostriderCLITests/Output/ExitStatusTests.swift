import ArgumentParser
import PostriderCLI
import QStash
import Testing

@Suite struct ExitStatusTests {
    @Test(
        arguments: [
            (QStashError.Code.optionInvalid, 65), (.identifierEmpty, 65), (.listEmpty, 65), (.filterEmpty, 65),
            (.configurationInvalid, 78), (.badRequest, 65), (.unauthorized, 77), (.forbidden, 77), (.notFound, 66),
            (.conflict, 65), (.quotaExceeded, 65), (.tooLarge, 65), (.dailyLimit, 75), (.burstLimit, 75),
            (.chatLimit, 75),
            (.overloaded, 75), (.serverFailure, 70), (.answerInvalid, 70), (.unreachable, 69), (.timedOut, 69),
        ] as [(QStashError.Code, Int32)]
    )
    func everyErrorHasItsStatus(code: QStashError.Code, status: Int32) {
        #expect(ExitStatus(code).rawValue == status)
        #expect(ExitStatus(code).exitCode == ExitCode(status))
    }

    @Test(arguments: [
        QStashError.Code.optionInvalid, .identifierEmpty, .listEmpty, .filterEmpty, .configurationInvalid, .badRequest,
        .unauthorized, .forbidden, .notFound, .conflict, .quotaExceeded, .tooLarge, .dailyLimit, .burstLimit,
        .chatLimit,
        .overloaded, .serverFailure, .answerInvalid, .unreachable, .timedOut,
    ])
    func everyErrorSaysWhatToDo(code: QStashError.Code) {
        let report = ErrorReport(QStashError(code, "this happened"))
        #expect(report.text.contains("error: this happened\n"))
        #expect(report.text.contains(code.description))
        #expect(report.advice?.isEmpty == false)
    }
}
