using Microsoft.Extensions.Logging;

namespace Harmony.Gateway.Cloud;

/// <summary>Log messages of the dealings with the cloud, ids 3600 to 3649, target <c>harmony.cloud</c>. Never a token.</summary>
internal static partial class CloudLog
{
    [LoggerMessage(EventId = 3600, Level = LogLevel.Information, Message = "gateway {Gateway} is authorized at '{Host}' until {Expires:u}")]
    public static partial void Authorized(ILogger logger, string gateway, string host, DateTimeOffset expires);

    [LoggerMessage(
        EventId = 3601, Level = LogLevel.Warning, Message = "the cloud cannot be reached: {Reason}; next attempt in {Seconds} s, later attempts at longer "
            + "intervals")]
    public static partial void Failed(ILogger logger, string reason, double seconds);

    [LoggerMessage(EventId = 3602, Level = LogLevel.Information, Message = "the cloud can be reached again after {Failures} failures")]
    public static partial void Recovered(ILogger logger, int failures);

    [LoggerMessage(
        EventId = 3603, Level = LogLevel.Information, Message = "change {Change} of the cloud ({Type}) runs as version {Version} of the configuration")]
    public static partial void Applied(ILogger logger, string change, string type, int version);

    [LoggerMessage(
        EventId = 3604, Level = LogLevel.Error, Message = "change {Change} of the cloud ({Type}) was not applied, and the files are unchanged: {Reason}")]
    public static partial void NotApplied(ILogger logger, string change, string type, string reason);

    [LoggerMessage(EventId = 3605, Level = LogLevel.Warning,
        Message = "this gateway's token for the cloud expires on {Expires:u}, in {Days} days, and could not be renewed: {Reason}; run: harmony cloud "
            + "authorize")]
    public static partial void EndsSoon(ILogger logger, DateTimeOffset expires, int days, string reason);

    [LoggerMessage(EventId = 3606, Level = LogLevel.Error,
        Message = "this gateway's token for the cloud expired on {Expires:u}; the cloud cannot change the configuration until you run: harmony cloud "
            + "authorize")]
    public static partial void Ended(ILogger logger, DateTimeOffset expires);

    [LoggerMessage(EventId = 3607, Level = LogLevel.Information,
        Message = "the configuration was pushed to the cloud: {Parts} parts; secrets replaced by variables: {Secrets}")]
    public static partial void Pushed(ILogger logger, int parts, string secrets);

    [LoggerMessage(EventId = 3608, Level = LogLevel.Error, Message = "this gateway's token for the cloud cannot be used: {Reason}")]
    public static partial void NoToken(ILogger logger, string reason);

    [LoggerMessage(EventId = 3609, Level = LogLevel.Warning, Message = "the configuration was not pushed to the cloud: {Reason}")]
    public static partial void NotPushed(ILogger logger, string reason);

    [LoggerMessage(EventId = 3610, Level = LogLevel.Warning, Message = "the cloud was removed: this gateway's token is deleted")]
    public static partial void Forgotten(ILogger logger);

    [LoggerMessage(
        EventId = 3611, Level = LogLevel.Warning, Message = "RUNBEAM_ACCEPT_INVALID_CERTS has no effect: certificates of the cloud are always checked")]
    public static partial void CertificatesAreChecked(ILogger logger);

    [LoggerMessage(EventId = 3612, Level = LogLevel.Information,
        Message = "references that could not be resolved before are resolved now: {References}, after {Times} attempts; the configuration is reloaded")]
    public static partial void Resolved(ILogger logger, string references, int times);
}
