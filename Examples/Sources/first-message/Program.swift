import Foundation

/// Runs the example; an error is one line, and exit status 1.
@main
struct Program {
    static func main() async {
        do {
            try await firstMessage()
        } catch {
            FileHandle.standardError.write(Data("\(String(reflecting: error))\n".utf8))
            exit(1)
        }
    }
}
