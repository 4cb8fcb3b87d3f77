using Harmony.Core.Faults;
using Microsoft.Extensions.Logging;

namespace Harmony.Imaging.Adapters.Dimse;

/// <summary>
/// Log messages of the DIMSE adapter, ids 3000 to 3099, target <c>harmony.dimse</c>. Identifiers and UIDs are left out: they tell of patients.
/// </summary>
internal static partial class DimseLog
{
    [LoggerMessage(EventId = 3001, Level = LogLevel.Debug,
        Message = "{Method} through pipeline '{Pipeline}': HTTP status {Status} in {ElapsedMs} ms")]
    public static partial void Answered(ILogger logger, string method, string pipeline, int status, double elapsedMs);

    [LoggerMessage(EventId = 3002, Level = LogLevel.Debug,
        Message = "{Method} through pipeline '{Pipeline}' was cancelled, or its association ended")]
    public static partial void ClientGone(ILogger logger, string method, string pipeline);

    [LoggerMessage(EventId = 3003, Level = LogLevel.Warning, Message = "{Method} through pipeline '{Pipeline}' failed: {Kind} fault of the client: {Reason}")]
    public static partial void ClientFault(ILogger logger, string method, string pipeline, FaultKind kind, string reason);

    [LoggerMessage(EventId = 3004, Level = LogLevel.Error,
        Message = "{Method} through pipeline '{Pipeline}' failed: {Kind} fault of the {FaultSource}: {Reason}")]
    public static partial void Fault(ILogger logger, string method, string pipeline, FaultKind kind, FaultSource faultSource, string reason, Exception cause);

    [LoggerMessage(EventId = 3005, Level = LogLevel.Error,
        Message = "{Method} through pipeline '{Pipeline}' failed with an unexpected error; please report it")]
    public static partial void Unforeseen(ILogger logger, string method, string pipeline, Exception cause);

    [LoggerMessage(EventId = 3006, Level = LogLevel.Debug, Message = "endpoint '{Endpoint}' accepted an association from '{CallingAet}' at {Client}")]
    public static partial void Accepted(ILogger logger, string endpoint, string callingAet, string client);

    [LoggerMessage(EventId = 3007, Level = LogLevel.Warning,
        Message = "endpoint '{Endpoint}' rejected an association from '{CallingAet}' at {Client}, which called '{CalledAet}': {Reason}")]
    public static partial void Rejected(ILogger logger, string endpoint, string callingAet, string client, string calledAet, string reason);

    [LoggerMessage(EventId = 3008, Level = LogLevel.Debug, Message = "an association with endpoint '{Endpoint}' ended: {Reason}")]
    public static partial void Ended(ILogger logger, string endpoint, string reason);

    [LoggerMessage(EventId = 3009, Level = LogLevel.Warning,
        Message = "a connection from {Client} to endpoint '{Endpoint}' violated the DICOM protocol: {Reason}")]
    public static partial void Broken(ILogger logger, string client, string endpoint, string reason);

    [LoggerMessage(EventId = 3010, Level = LogLevel.Debug, Message = "a connection on network '{Network}' requested no association within {Seconds} s")]
    public static partial void SaidNothing(ILogger logger, string network, double seconds);

    [LoggerMessage(EventId = 3011, Level = LogLevel.Warning,
        Message = "pipeline '{Pipeline}' was asked to move objects to '{Destination}', which is not among the destinations of endpoint '{Endpoint}'")]
    public static partial void UnknownDestination(ILogger logger, string pipeline, string destination, string endpoint);

    [LoggerMessage(EventId = 3012, Level = LogLevel.Error, Message = "pipeline '{Pipeline}' cannot move objects to '{Destination}': {Reason}")]
    public static partial void DestinationFailed(ILogger logger, string pipeline, string destination, string reason);

    [LoggerMessage(EventId = 3013, Level = LogLevel.Information,
        Message = "pipeline '{Pipeline}' reported a storage commitment to '{CallingAet}': {Committed} objects committed, {Failed} failed")]
    public static partial void Committed(ILogger logger, string pipeline, string callingAet, int committed, int failed);

    [LoggerMessage(EventId = 3014, Level = LogLevel.Error, Message = "pipeline '{Pipeline}' cannot report a storage commitment to '{CallingAet}': {Reason}")]
    public static partial void CommitmentUntold(ILogger logger, string pipeline, string callingAet, string reason);

    [LoggerMessage(
        EventId = 3015, Level = LogLevel.Information,
        Message = "'{CallingAet}' at {Client} stored {Stored} objects at endpoint '{Endpoint}' in an association; {Failed} failed")]
    public static partial void Stored(ILogger logger, string callingAet, string client, string endpoint, int stored, int failed);
}
