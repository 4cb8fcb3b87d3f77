namespace Harmony.Testing.Requirements;

/// <summary>A theory about other programs, skipped where one is not installed; see <see cref="Peers"/>.</summary>
/// <param name="programs">The programs, by the names that they are called by.</param>
[AttributeUsage(AttributeTargets.Method)]
public class PeerTheoryAttribute(params string[] programs) : TheoryAttribute
{
    /// <summary>The programs.</summary>
    public IReadOnlyList<string> Programs { get; } = programs;

    /// <summary>Test data that it needs too: a file or folder below the <see cref="SharedFolder"/>.</summary>
    public string? Shared { get; set; }

    /// <inheritdoc/>
    public override string? Skip
    {
        get => base.Skip ?? Peers.WhySkipped([.. Programs]) ?? (Shared is null ? null : SharedFolder.WhySkipped(Shared));
        set => base.Skip = value;
    }
}
