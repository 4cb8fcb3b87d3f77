namespace Harmony.Core.Diagnostics;

/// <summary>Takes a record of each request. Called at the end of requests by many threads; never waits and never throws.</summary>
public interface IAccessLog
{
    /// <summary>Takes the record of a request that has ended.</summary>
    void Write(in AccessRecord record);
}
