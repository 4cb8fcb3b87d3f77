using System.Globalization;
using Harmony.Access.Middleware.Policies.RateLimiting;
using Harmony.Core.Configuration;
using Harmony.Core.Envelope;
using Harmony.Core.Pipeline;

namespace Harmony.Access.Middleware.Policies.Rules;

/// <summary>The options of <c>rate_limit</c>.</summary>
internal sealed record RateLimitOptions : ConfigNode
{
    /// <summary>Requests that one client may make within any window.</summary>
    [AllowedRange(1, 1_000_000_000)]
    public int MaxRequests { get; init; } = 100;

    /// <summary>Length of the window in seconds.</summary>
    [AllowedRange(1, 86_400)]
    public int WindowSeconds { get; init; } = 60;

    /// <summary>
    /// What is a client: <c>client</c> (its address), <c>header:NAME</c>, a claim such as <c>jwt.sub</c>, <c>path</c>, or <c>all</c> together.
    /// A request without the field or claim is counted by its address.
    /// </summary>
    [NotEmpty]
    public string Key { get; init; } = "client";

    /// <summary>Leading bits of an IPv6 address that make a client: a subscriber has at least a network of 64.</summary>
    [AllowedRange(1, 128)]
    public int Ipv6Prefix { get; init; } = 64;

    /// <summary>Clients remembered; above that the one that has been away longest is forgotten.</summary>
    [AllowedRange(1, 10_000_000)]
    public int MaxClients { get; init; } = 1_000_000;
}

/// <summary><c>rate_limit</c>: at most so many requests of a client in any window of time. Never votes for a request.</summary>
internal sealed class RateLimitRule : Rule
{
    private static readonly RefusalContent Exceeded = new("text/plain; charset=utf-8", "Rate limit exceeded"u8.ToArray());

    private readonly RateLimitSettings _settings;
    private readonly RateLimitTable _table;
    private readonly ClientKey _key;
    private readonly string _structuredName;

    private RateLimitRule(RuleContext context, RateLimitSettings settings, ClientKey key)
        : base(context)
    {
        _settings = settings;
        _key = key;
        // The windows go on through a reload that leaves this rule as it is.
        _table = context.Environment.Carried.Get(context.Owner, settings, () => new RateLimitTable(settings, context.Environment.Clock));
        RateLimitMetrics.Watch(_table, Name);
        _structuredName = StructuredString(Name);
    }

    public override bool CanAllow => false;

    public override string Words => $"denies more than {_settings.MaxRequests} requests in {_settings.WindowSeconds} s {_key.Words}";

    public static Rule? Create(RuleContext context)
    {
        if (!context.TryBind<RateLimitOptions>(out var options)) return null;
        if (!ClientKey.TryParse(options.Key, options.Ipv6Prefix, out var key))
        {
            context.Fail(options.LocationOf("key"), $"'{options.Key}' is no key; write client, path, all, header:NAME, or the name of a claim such as jwt.sub");
            return null;
        }

        return new RateLimitRule(context, new RateLimitSettings(options.MaxRequests, options.WindowSeconds, options.MaxClients, key), key);
    }

    public override RuleVerdict Judge(RequestEnvelope request)
        => _table.TryTake(_key.Of(request), out var retryAfterMs) ? default : new RuleVerdict(RuleVerdictKind.Exceeded, retryAfterMs);

    /// <summary>Takes back that a request was counted, which something else refuses.</summary>
    public void GiveBack(RequestEnvelope request) => _table.GiveBack(_key.Of(request));

    /// <summary>The refusal, with <c>Retry-After</c> (RFC 9110 §10.2.3) and the fields of draft-ietf-httpapi-ratelimit-headers-10.</summary>
    public Refusal Refuse(RuleVerdict verdict)
    {
        var seconds = Math.Max(1, (verdict.RetryAfterMs + 999) / 1000).ToString(CultureInfo.InvariantCulture);
        return new Refusal(RefusalKind.RateLimited, "rate limit exceeded")
        {
            Rule = Name,
            Content = Exceeded,
            Fields =
            [
                new HeaderField("Retry-After", seconds),
                new HeaderField("RateLimit-Policy", $"{_structuredName};q={_settings.MaxRequests};w={_settings.WindowSeconds}"),
                new HeaderField("RateLimit", $"{_structuredName};r=0;t={seconds}"),
            ],
        };
    }

    /// <summary>A String of RFC 9651 §3.3.3, which holds printable ASCII.</summary>
    private static string StructuredString(string name)
        => $"\"{string.Concat(name.Select(c => c is < ' ' or > '~' ? "?" : c is '"' or '\\' ? $"\\{c}" : c.ToString()))}\"";
}
