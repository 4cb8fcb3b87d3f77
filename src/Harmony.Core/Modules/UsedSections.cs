using Harmony.Core.Configuration;

namespace Harmony.Core.Modules;

/// <summary>
/// Tables that something has been built from, so that those left over can be looked at as well. For what only modules know to be
/// referred to, such as rules. Used while one configuration is built, by one thread.
/// </summary>
public sealed class UsedSections
{
    private readonly HashSet<ConfigNode> _used = new(ReferenceEqualityComparer.Instance);

    /// <summary>Notes that something is built from a table.</summary>
    public void Add(ConfigNode section) => _used.Add(section);

    /// <summary>Whether something was.</summary>
    public bool Contains(ConfigNode section) => _used.Contains(section);
}
