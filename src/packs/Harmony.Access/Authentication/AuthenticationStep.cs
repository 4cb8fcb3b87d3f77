using System.Net;
using Harmony.Core.Configuration;
using Harmony.Core.Diagnostics;
using Harmony.Core.Envelope;
using Harmony.Core.Modules;
using Harmony.Core.Pipeline;
using Microsoft.Extensions.Logging;

namespace Harmony.Access.Authentication;

/// <summary>
/// What all ways of authentication share: what becomes of a verdict. The answer to a refusal has no body and gives no reason; the reason
/// is logged, without anything of the credentials. Never looks at the body of a request.
/// </summary>
internal abstract class AuthenticationStep : IAuthenticationStep
{
    private readonly StepSettings _settings;
    private readonly HeaderField _challenge;
    private readonly Refusal _missing;
    private readonly Refusal _refused;
    private readonly Refusal _unknown;
    private readonly Refusal _busy;
    private readonly SparseWarning _turnedAway = new(TimeProvider.System);

    /// <param name="settings">What all have.</param>
    /// <param name="missing">Parameters of the challenge when there are no credentials.</param>
    /// <param name="refused">Parameters of the challenge when they are wrong.</param>
    protected AuthenticationStep(StepSettings settings, string missing = "", string refused = "")
    {
        _settings = settings;
        _challenge = new HeaderField("WWW-Authenticate", settings.Challenge + missing);
        _missing = new Refusal(RefusalKind.Unauthenticated, $"middleware '{settings.Name}' found no credentials") { Fields = [_challenge] };
        _refused = new Refusal(RefusalKind.Unauthenticated, $"middleware '{settings.Name}' did not accept the credentials")
        {
            Fields = [new HeaderField("WWW-Authenticate", settings.Challenge + refused)],
        };
        _unknown = new Refusal(RefusalKind.Unavailable, $"middleware '{settings.Name}' could not check the credentials");
        _busy = new Refusal(
            RefusalKind.Unavailable, $"middleware '{settings.Name}' has too many passwords to check")
        { Fields = [new HeaderField("Retry-After", "1")] };
    }

    /// <inheritdoc/>
    public bool IsOptional => _settings.IsOptional;

    /// <inheritdoc cref="IMiddleware.ActsOutside"/>
    public virtual bool ActsOutside => false;

    /// <inheritdoc/>
    public ValueTask<MiddlewareResult> OnRequestAsync(RequestEnvelope request, CancellationToken ct)
    {
        if (request.NeedsNoIdentity)
        {
            if (!_settings.ForwardsCredentials) Conceal(request);
            return new ValueTask<MiddlewareResult>(MiddlewareResult.Continue);
        }

        if (request.Feature<Alternatives>() is { IsSatisfied: true } alternatives)
        {
            if (!IsOptional) alternatives.End();
            if (!_settings.ForwardsCredentials) Conceal(request);
            return new ValueTask<MiddlewareResult>(MiddlewareResult.Continue);
        }

        var checking = CheckAsync(request, ct);
        return checking.IsCompletedSuccessfully ? new ValueTask<MiddlewareResult>(Conclude(request, checking.Result)) : ConcludeAsync(request, checking);
    }

    /// <inheritdoc cref="IMiddleware.Activate"/>
    public virtual void Activate()
    {
    }

    /// <summary>Judges the credentials of a request.</summary>
    protected abstract ValueTask<Verdict> CheckAsync(RequestEnvelope request, CancellationToken ct);

    /// <summary>Takes credentials of this kind out of a request, so that no backend sees them.</summary>
    protected abstract void Conceal(RequestEnvelope request);

    /// <summary>Says whether the credentials in its files have been read again.</summary>
    protected void LogRenewal(bool isRenewed)
    {
        if (isRenewed) AuthLog.Renewed(_settings.Logger, _settings.Name);
        else AuthLog.NotRenewed(_settings.Logger, _settings.Name);
    }

    private async ValueTask<MiddlewareResult> ConcludeAsync(RequestEnvelope request, ValueTask<Verdict> checking) => Conclude(request, await checking);

    private MiddlewareResult Conclude(RequestEnvelope request, in Verdict verdict) => verdict.Kind switch
    {
        VerdictKind.Accepted => Accept(request, verdict.Identity!),
        VerdictKind.Missing when IsOptional => PassOn(request),
        VerdictKind.Missing => Miss(request),
        VerdictKind.Refused => Refuse(request, verdict.Reason),
        VerdictKind.Busy => TurnAway(),
        _ => GiveUp(verdict.Reason),
    };

    private MiddlewareResult Accept(RequestEnvelope request, Identity identity)
    {
        request.Identify(identity);
        if (!_settings.ForwardsCredentials) Conceal(request);
        if (IsOptional) Alternatives.Of(request).IsSatisfied = true;
        else request.Feature<Alternatives>()?.End();
        return MiddlewareResult.Continue;
    }

    private MiddlewareResult PassOn(RequestEnvelope request)
    {
        if (!_settings.ForwardsCredentials) Conceal(request);
        Alternatives.Of(request).Passed(_challenge);
        return MiddlewareResult.Continue;
    }

    private MiddlewareResult Miss(RequestEnvelope request)
    {
        AuthLog.Missing(_settings.Logger, _settings.Name);
        return MiddlewareResult.Refuse(WithAlternatives(_missing, request));
    }

    private MiddlewareResult Refuse(RequestEnvelope request, string reason)
    {
        AuthLog.Refused(_settings.Logger, _settings.Name, request.ClientAddress, reason);
        return MiddlewareResult.Refuse(WithAlternatives(_refused, request));
    }

    private MiddlewareResult GiveUp(string reason)
    {
        AuthLog.Unknown(_settings.Logger, _settings.Name, reason);
        return MiddlewareResult.Refuse(_unknown);
    }

    private MiddlewareResult TurnAway()
    {
        if (_turnedAway.Add(out var count)) AuthLog.TurnedAway(_settings.Logger, _settings.Name, count);
        return MiddlewareResult.Refuse(_busy);
    }

    private static Refusal WithAlternatives(Refusal refusal, RequestEnvelope request)
        => request.Feature<Alternatives>() is { Challenges.Count: > 0 } alternatives
            ? refusal with { Fields = [.. alternatives.Challenges, .. refusal.Fields] }
            : refusal;
}

/// <summary>What all authentication steps have.</summary>
/// <param name="Name">The middleware's name, for the log.</param>
/// <param name="IsOptional">Whether a request without credentials goes on to the next step.</param>
/// <param name="ForwardsCredentials">Sends the credentials to backends, too.</param>
/// <param name="Scheme">The scheme of its challenge: <c>Basic</c>, <c>Bearer</c>, <c>ApiKey</c>.</param>
/// <param name="Realm">Realm in the <c>WWW-Authenticate</c> header.</param>
/// <param name="Logger">Where it logs.</param>
internal sealed record StepSettings(string Name, bool IsOptional, bool ForwardsCredentials, string Scheme, string Realm, ILogger Logger)
{
    /// <summary>The realm where the configuration gives none.</summary>
    public const string DefaultRealm = "harmony";

    /// <summary>The logger of all of them.</summary>
    public const string LogTarget = "harmony.auth";

    /// <summary>The challenge without parameters of its scheme (RFC 9110 §11.6.1).</summary>
    public string Challenge { get; } =
        $"{Scheme} realm=\"{Realm.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}

/// <summary>The <c>[authentications.NAME]</c> that a middleware refers to.</summary>
internal static class AuthenticationReference
{
    /// <summary>Puts a middleware's own options over those of the authentication it refers to.</summary>
    /// <param name="own">Its own options.</param>
    /// <param name="context">What it is built from.</param>
    /// <param name="methods">The methods that fit.</param>
    /// <returns>Null when the authentication is of another method, which has been reported.</returns>
    public static T? Resolve<T>(T own, MiddlewareContext context, params string[] methods)
        where T : ConfigNode
    {
        if (context.Authentication is not { } authentication) return own;
        if (methods.Contains(authentication.Method)) return own.Over(authentication.Options);
        context.Problems.Error(authentication.LocationOf("method"),
            $"middleware '{context.Name}' cannot use an authentication of method '{authentication.Method}'; it needs {string.Join(" or ", methods)}");
        return null;
    }
}

/// <summary>Log messages of authentication, ids 2300 to 2399, target <c>harmony.auth</c>. No token, key, password or name of a user.</summary>
internal static partial class AuthLog
{
    [LoggerMessage(EventId = 2301, Level = LogLevel.Information, Message = "middleware '{Middleware}' refused a request without credentials")]
    public static partial void Missing(ILogger logger, string middleware);

    [LoggerMessage(EventId = 2302, Level = LogLevel.Warning, Message = "middleware '{Middleware}' refused credentials from {ClientIp}: {Reason}")]
    public static partial void Refused(ILogger logger, string middleware, IPAddress? clientIp, string reason);

    [LoggerMessage(EventId = 2303, Level = LogLevel.Error, Message = "middleware '{Middleware}' cannot check credentials and responds with 503: {Reason}")]
    public static partial void Unknown(ILogger logger, string middleware, string reason);

    [LoggerMessage(EventId = 2304, Level = LogLevel.Information, Message = "middleware '{Middleware}' has {Count} keys from '{Host}'")]
    public static partial void KeysFetched(ILogger logger, string middleware, int count, string host);

    [LoggerMessage(
        EventId = 2305, Level = LogLevel.Warning, Message = "middleware '{Middleware}' could not fetch keys and keeps its {Count} keys: {Reason}")]
    public static partial void KeysNotFetched(ILogger logger, string middleware, int count, string reason);

    [LoggerMessage(EventId = 2306, Level = LogLevel.Warning,
        Message = "middleware '{Middleware}' refused {Count} requests with 503, because too many passwords wait to be checked; this may be an attack that "
            + "guesses passwords")]
    public static partial void TurnedAway(ILogger logger, string middleware, long count);

    [LoggerMessage(EventId = 2307, Level = LogLevel.Warning,
        Message = "middleware '{Middleware}' uses the new content of its credential files, though the configuration was not reloaded")]
    public static partial void Renewed(ILogger logger, string middleware);

    [LoggerMessage(EventId = 2308, Level = LogLevel.Error,
        Message = "middleware '{Middleware}' keeps its credentials, because a credentials file cannot be read: credentials removed from the file are "
            + "still accepted")]
    public static partial void NotRenewed(ILogger logger, string middleware);
}
