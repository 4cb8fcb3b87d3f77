using System.Net;

namespace Harmony.Core.Egress;

/// <summary>The hosts that may be reached, compared whole: <c>trusted.example.attacker.com</c> is not <c>trusted.example</c>.</summary>
internal sealed class EgressHosts
{
    private readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<IPAddress> _addresses = [];
    private readonly List<string> _suffixes = [];

    /// <param name="hosts">Names, <c>*.</c> and a name, or addresses. Every host is allowed when there are none.</param>
    public EgressHosts(IReadOnlyList<string> hosts)
    {
        foreach (var host in hosts)
        {
            if (IPAddress.TryParse(host, out var address)) _addresses.Add(address);
            else if (host.StartsWith("*.", StringComparison.Ordinal)) _suffixes.Add(Ascii(host[2..], "."));
            else _names.Add(Ascii(host, ""));
        }
    }

    /// <param name="host">As <see cref="Uri.IdnHost"/> has it.</param>
    public bool Allows(string host)
    {
        if (_names.Count + _addresses.Count + _suffixes.Count == 0) return true;
        if (IPAddress.TryParse(host, out var address)) return _addresses.Contains(address);
        var name = host.TrimEnd('.');
        return _names.Contains(name) || _suffixes.Exists(suffix => name.Length > suffix.Length && name.EndsWith(suffix, StringComparison.OrdinalIgnoreCase));
    }

    private static string Ascii(string name, string before) => before + new UriBuilder("http", name).Uri.IdnHost.TrimEnd('.');
}
