/// A setting that cannot be used, in words that name it and say what to do.
struct SettingError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
