namespace Harmony.Http.Services.Targets;

/// <summary>Asks one target whether it is well, in its own protocol.</summary>
internal interface IHealthCheck
{
    /// <summary>Asks once.</summary>
    /// <param name="ct">Ends the wait for the answer, which is a bad one then.</param>
    /// <returns>What is wrong with the answer; null for a good one. However else it fails, it throws.</returns>
    Task<string?> FindFaultAsync(CancellationToken ct);
}
