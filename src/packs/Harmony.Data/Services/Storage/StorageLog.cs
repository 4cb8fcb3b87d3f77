using Microsoft.Extensions.Logging;

namespace Harmony.Data.Services.Storage;

/// <summary>
/// Log messages of the <c>storage</c> backend, ids 2900 to 2949, target <c>harmony.storage</c>. Names of objects are left out: they hold patients' ids.
/// </summary>
internal static partial class StorageLog
{
    [LoggerMessage(EventId = 2901, Level = LogLevel.Information, Message = "backend '{Backend}' deleted incomplete files: {Count}")]
    public static partial void CleanedUp(ILogger logger, string backend, int count);

    [LoggerMessage(EventId = 2903, Level = LogLevel.Debug, Message = "backend '{Backend}' received an object that it already has")]
    public static partial void WasThere(ILogger logger, string backend);

    [LoggerMessage(EventId = 2904, Level = LogLevel.Information, Message = "backend '{Backend}' deleted objects older than {Days} days: {Count}")]
    public static partial void Expired(ILogger logger, string backend, int count, int days);
}
