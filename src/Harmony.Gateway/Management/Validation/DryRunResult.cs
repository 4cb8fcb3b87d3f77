using Harmony.Core.Configuration;

namespace Harmony.Gateway.Management.Validation;

/// <summary>What would become of a configuration here.</summary>
/// <param name="IsValid">Whether a reload would take it.</param>
/// <param name="Problems">What is wrong with it.</param>
/// <param name="Difference">The tables that it has and the running one has not, and the other way round.</param>
/// <param name="Diff">The same line by line, secrets masked.</param>
/// <param name="ListenersAdded">URLs of listeners that would be opened.</param>
/// <param name="ListenersRemoved">URLs of listeners that would be closed.</param>
internal sealed record DryRunResult(
    bool IsValid,
    IReadOnlyList<ConfigProblem> Problems,
    ConfigDifference Difference,
    IReadOnlyList<string> Diff,
    IReadOnlyList<string> ListenersAdded,
    IReadOnlyList<string> ListenersRemoved);
