using Microsoft.Extensions.Logging;

namespace Harmony.Imaging.Services.DicomScu;

/// <summary>Log messages of <c>dicom_scu</c> backends, ids 3100 to 3199, target <c>harmony.dicom_scu</c>.</summary>
internal static partial class DicomScuLog
{
    [LoggerMessage(EventId = 3101, Level = LogLevel.Error, Message = "backend '{Backend}': {Operation} at {Node} failed: {Reason}")]
    public static partial void Failed(ILogger logger, string backend, string operation, string node, string reason);

    [LoggerMessage(EventId = 3102, Level = LogLevel.Debug, Message = "backend '{Backend}' retries {Operation} ({Attempt} of {MaxRetries}): {Reason}")]
    public static partial void Retrying(ILogger logger, string backend, string operation, int attempt, int maxRetries, string reason);

    [LoggerMessage(EventId = 3103, Level = LogLevel.Error, Message = "objects of C-MOVE cannot be received at {Address}: {Reason}")]
    public static partial void ListenerFailed(ILogger logger, string address, string reason);

    [LoggerMessage(EventId = 3104, Level = LogLevel.Information, Message = "objects of C-MOVE are received at {Address}")]
    public static partial void Listening(ILogger logger, string address);

    [LoggerMessage(EventId = 3105, Level = LogLevel.Warning, Message = "an object that {CallingAeTitle} sent to {Address} was refused: {Reason}")]
    public static partial void Unexpected(ILogger logger, string callingAeTitle, string address, string reason);

    [LoggerMessage(EventId = 3106, Level = LogLevel.Debug, Message = "{Count} expired folders of retrieved objects were deleted below {Folder}")]
    public static partial void Swept(ILogger logger, int count, string folder);

    [LoggerMessage(EventId = 3107, Level = LogLevel.Warning, Message = "expired folders of retrieved objects below {Folder} cannot be deleted: {Reason}")]
    public static partial void SweepFailed(ILogger logger, string folder, string reason);
}
