using Harmony.Core.Configuration;

namespace Harmony.Core.Building;

/// <summary>
/// Says where a listener is open to every interface only because nobody has said otherwise. It stays so, because files written for the public
/// Harmony Proxy count on it; but whoever wants it should have written it.
/// </summary>
public static class EveryInterface
{
    /// <summary>Warns.</summary>
    /// <param name="who">Who listens: <c>network 'main'</c>.</param>
    /// <param name="key">The key that would say where: <c>bind_address</c>.</param>
    /// <param name="location">Where it would stand.</param>
    /// <param name="problems">Takes the warning.</param>
    public static void Warn(string who, string key, SourceLocation location, ConfigProblems problems)
    {
        ArgumentNullException.ThrowIfNull(problems);
        problems.Warning(location, $"{who} listens on every interface, because '{key}' is not given; write {key} = \"0.0.0.0\" if that is meant, else \"127.0.0.1\" or an address of this machine");
    }
}
