extension AcceptanceCase {
    /// The cases of webhooks (application reference, section 15, and faults 1, 2, 4 and 7 of section 16).
    public static let hooks: [AcceptanceCase] = [
        AcceptanceCase("100 pass, 101st 429 with headers", HookChecks.hundredPassAndTheNextIsRefused),
        AcceptanceCase("limiter down 503", HookChecks.limiterDownIsUnavailable),
        AcceptanceCase("64 KiB + 1 is 413", HookChecks.oneByteTooManyIsTooLarge),
        AcceptanceCase("missing secret 503", HookChecks.missingSecretIsUnavailable),
        AcceptanceCase("bad JSON 400", HookChecks.badJSONIsRefused),
        AcceptanceCase("bad shape 400", HookChecks.badShapeIsRefused),
        AcceptanceCase("wrong signature 401", HookChecks.wrongSignatureIsUnauthorized),
        AcceptanceCase("duplicate 200", HookChecks.duplicateIsAnsweredAndNotHandled),
        AcceptanceCase("other table skipped and not reserved", HookChecks.otherTableIsSkippedAndNotReserved),
        AcceptanceCase("handler 5xx releases", HookChecks.handlerFailureReleasesTheReservation),
        AcceptanceCase("handler errors by their kind", HookChecks.handlerErrorsAreAnsweredByTheirKind),
        AcceptanceCase("store down 503", HookChecks.storeDownIsUnavailable),
        AcceptanceCase("native and trigger payload shapes", HookChecks.bothSendersAreUnderstood),
        AcceptanceCase(
            "two quick updates of one row both processed",
            HookChecks.twoQuickUpdatesOfOneRowAreBothHandled
        ),
        AcceptanceCase("trip missing skipped, publish failure 503", HookChecks.outcomesAreAnswered),
        AcceptanceCase("fault 1: no header disables verification", HookChecks.noHeaderSwitchesTheSignatureOff),
        AcceptanceCase(
            "fault 2: nothing parsed before the signature",
            HookChecks.nothingIsParsedBeforeTheSignatureHolds
        ),
        AcceptanceCase("fault 7: hooks do not steal each other's events", HookChecks.twoHooksHearOfOneEvent),
        AcceptanceCase("business keys of any length are handled once", KeyChecks.longKeysAreHandledOnce),
    ]
}
