using Harmony.Access.Middleware.Policies.Geo;
using Harmony.Access.Middleware.Policies.Matching;
using Harmony.Core.Configuration;
using Harmony.Core.Envelope;

namespace Harmony.Access.Middleware.Policies.Rules;

/// <summary>The options of <c>ip_allow</c> and <c>ip_deny</c>.</summary>
internal sealed record AddressOptions : ConfigNode
{
    /// <summary>Addresses and CIDR ranges, IPv4 and IPv6.</summary>
    [AllowedRange(1)]
    public required IReadOnlyList<string> IpAddresses { get; init; }
}

/// <summary>
/// <c>ip_allow</c>, <c>ip_deny</c>: by the client's address, which a trusted proxy may have told. A client whose address the proxy does not
/// tell is in no allowed range, and may be in a denied one.
/// </summary>
internal sealed class AddressRule(RuleContext context, bool allows, AddressOptions options, AddressRanges ranges) : ConditionRule(context, allows)
{
    protected override string Condition => $"clients of {string.Join(", ", options.IpAddresses)}";

    public static Rule? Create(RuleContext context, bool allows)
    {
        if (!context.TryBind<AddressOptions>(out var options)) return null;
        return AddressRanges.TryCreate(options, context, out var ranges) ? new AddressRule(context, allows, options, ranges) : null;
    }

    protected override bool Holds(RequestEnvelope request) => request.ClientAddress is { } address ? ranges.Contains(address) : !Allows;
}

/// <summary>The options of <c>geo</c>.</summary>
internal sealed record GeoOptions : ConfigNode
{
    /// <summary>Countries by their codes of two letters (ISO 3166-1), in any case.</summary>
    [AllowedRange(1)]
    public required IReadOnlyList<string> CountryCodes { get; init; }

    /// <summary>Whether what matches is allowed or denied.</summary>
    [AllowedValues("allow", "deny")]
    public string Mode { get; init; } = "deny";

    /// <summary>A field that tells the country, such as <c>CF-IPCountry</c>; believed from <c>trusted_proxies</c> only.</summary>
    [NotEmpty]
    public string? Header { get; init; }

    /// <summary>A MaxMind DB file (<c>.mmdb</c>) with countries, read when the configuration is loaded.</summary>
    [NotEmpty]
    public string? Database { get; init; }
}

/// <summary>
/// <c>geo</c>: by the country of the client, which an earlier step may have put into the metadata (<c>geo_country</c>,
/// <c>country_code</c>), a trusted proxy into a field, or a database knows by the address. An unknown country
/// matches; but where a proxy hides the address that the database would be asked for, the client may be in any denied country.
/// </summary>
internal sealed class GeoRule(RuleContext context, GeoOptions options, CountryDatabase? database) : ConditionRule(context, options.Mode == "allow")
{
    private readonly HashSet<CountryCode> _countries = [.. options.CountryCodes.Select(CountryCode.Of)];

    protected override string Condition => $"clients in {string.Join(", ", _countries.Select(c => c.ToString()).Order(StringComparer.Ordinal))}";

    public static Rule? Create(RuleContext context)
    {
        if (!context.TryBind<GeoOptions>(out var options)) return null;
        var sound = true;
        for (var i = 0; i < options.CountryCodes.Count; i++)
        {
            if (CountryCode.Of(options.CountryCodes[i]) != default) continue;
            sound = context.Fail(options.LocationOf("country_codes", i), $"'{options.CountryCodes[i]}' is no country; write its two letters, such as DE");
        }

        CountryDatabase? database = null;
        if (options.Database is not null && !CountryDatabase.TryOpen(options.Database, context.Environment, out database, out var error))
        {
            sound = context.Fail(options.LocationOf("database"), $"cannot use '{options.Database}': {error}");
        }

        return sound ? new GeoRule(context, options, database) : null;
    }

    protected override bool Holds(RequestEnvelope request)
    {
        if ((request.MetadataIfSet("geo_country") ?? request.MetadataIfSet("country_code")) is { } known) return IsListed(known);
        if (options.Header is { } header && request.ComesFromTrustedProxy && request.Headers.Contains(header))
        {
            // A proxy may add its line behind the client's, or its word behind the client's in one line.
            return RequestFieldLines.Hold(request.Headers, header, Allows, this, static (rule, line) => rule.Fits(line));
        }

        if (database is null) return false;
        return request.ClientAddress is { } address ? IsListed(database.CountryOf(address)) : !Allows;
    }

    private bool Fits(string line)
    {
        foreach (var part in line.Split(','))
        {
            if (IsListed(part.Trim()) != Allows) return !Allows;
        }

        return Allows;
    }

    private bool IsListed(string text) => IsListed(CountryCode.Of(text));

    private bool IsListed(CountryCode country) => country != default && _countries.Contains(country);
}
