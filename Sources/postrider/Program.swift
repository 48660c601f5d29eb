import ArgumentParser
import PostriderCLI

/// The program: the command with the machine around it.
@main
enum Program {
    static func main() async {
        await CommandContext.$current.withValue(.system) {
            await Postrider.main()
        }
    }
}
