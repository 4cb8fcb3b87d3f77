using System.Net;
using Harmony.Core.Building;
using Harmony.Core.Configuration;

namespace Harmony.Core.Egress;

/// <summary>
/// Where the gateway may send requests of its own: <c>[proxy.egress]</c>. Scheme and host are judged before a request, the address when
/// the connection is made, so that a name cannot change its meaning in between.
/// </summary>
internal sealed class EgressPolicy
{
    private readonly IReadOnlyList<string> _schemes;
    private readonly EgressHosts _hosts;
    private readonly EgressAddresses _addresses;

    private EgressPolicy(EgressPolicySection section)
    {
        _schemes = section.AllowedSchemes;
        _hosts = new EgressHosts(section.AllowedHosts);
        _addresses = new EgressAddresses(Ranges(section.AllowedAddresses), Ranges(section.DeniedAddresses));
    }

    /// <summary>Makes the policy of a configuration. What is wrong with the section is reported where sections are checked, and left out here.</summary>
    public static EgressPolicy From(EgressPolicySection section) => new(section with
    {
        AllowedHosts = [.. section.AllowedHosts.Where(Addresses.AreHosts)],
    });

    /// <summary>Whether a connection to that address may be made.</summary>
    public bool Permits(IPAddress address) => _addresses.Permits(address);

    /// <summary>Why a request may not be sent there, or null when it may; its address is judged later.</summary>
    public string? ReasonAgainst(Uri url)
    {
        if (!_schemes.Contains(url.Scheme)) return $"scheme '{url.Scheme}' is not among 'allowed_schemes' of [proxy.egress]";
        if (!_hosts.Allows(HostOf(url))) return $"host '{url.Host}' is not among 'allowed_hosts' of [proxy.egress]";
        return IPAddress.TryParse(HostOf(url), out var address) && !Permits(address) ? ReasonAgainst(address) : null;
    }

    /// <summary>Why a connection to that address is not made.</summary>
    public static string ReasonAgainst(IPAddress address)
        => $"address {address} is denied, link-local, multicast or a metadata service; 'allowed_addresses' of [proxy.egress] may list it";

    /// <summary>Reads a URL of the configuration and checks what can be known before its name is resolved.</summary>
    /// <param name="text">What is written.</param>
    /// <param name="key">The key it is the value of.</param>
    /// <param name="location">Location in the file.</param>
    /// <param name="problems">Takes what is wrong with it.</param>
    /// <returns>Null when something is wrong.</returns>
    public Uri? Check(string text, string key, SourceLocation location, ConfigProblems problems)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") || url.Host.Length == 0)
        {
            problems.Error(location, $"'{key}' must be a URL of http or https, such as https://audit.example.org/events");
            return null;
        }

        if (url.UserInfo.Length > 0)
        {
            problems.Error(location, $"the URL of '{key}' contains a user name; put it into an [authentications.*] table");
            return null;
        }

        if (ReasonAgainst(url) is not { } reason) return url;
        problems.Error(location, $"'{key}' may not be used: {reason}");
        return null;
    }

    private static string HostOf(Uri url) => url.HostNameType == UriHostNameType.IPv6 ? url.Host.Trim('[', ']') : url.IdnHost;

    private static List<IPNetwork> Ranges(IReadOnlyList<string> texts)
    {
        var ranges = new List<IPNetwork>();
        foreach (var text in texts)
        {
            if (Addresses.TryParseRange(text, out var range)) ranges.Add(range);
        }

        return ranges;
    }
}

/// <summary>What <c>[proxy.egress]</c> says, compared by value: what was learnt under one policy is not used under another.</summary>
internal sealed record EgressKey
{
    private readonly string _text;

    private EgressKey(string text) => _text = text;

    /// <summary>The key of a section.</summary>
    public static EgressKey Of(EgressPolicySection section) => new(string.Join('\n', [
        .. section.AllowedSchemes, "hosts", .. section.AllowedHosts, "addresses", .. section.AllowedAddresses, "denied", .. section.DeniedAddresses,
    ]));

    public override string ToString() => _text;
}

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
