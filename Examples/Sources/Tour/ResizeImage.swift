import PostriderJobs

/// What the job of resizing an image is told.
struct ResizeImage: JobParameters {
    static let jobName = "resize-image"

    var imageID: String
    var width: Int

    func validate(_ check: inout Validation) {
        check.that(!imageID.isEmpty, "imageID", "must not be empty")
        check.that((1...4_096).contains(width), "width", "must be from 1 to 4096")
    }
}
