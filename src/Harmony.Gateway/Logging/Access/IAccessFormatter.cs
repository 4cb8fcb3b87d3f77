using Harmony.Core.Diagnostics;

namespace Harmony.Gateway.Logging.Access;

/// <summary>Turns records into lines. Called by many threads at once.</summary>
internal interface IAccessFormatter
{
    /// <summary>Writes <paramref name="record"/> to <paramref name="line"/>, with the final line feed.</summary>
    void Format(in AccessRecord record, LogLine line);
}
