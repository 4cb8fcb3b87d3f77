namespace Harmony.Testing.Requirements;

/// <summary>A fact about a full disk, skipped where none can be made; see <see cref="SmallDisk"/>.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SmallDiskFactAttribute : FactAttribute
{
    public SmallDiskFactAttribute() => Skip = SmallDisk.WhySkipped;
}
