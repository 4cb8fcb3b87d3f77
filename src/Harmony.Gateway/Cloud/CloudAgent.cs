using Harmony.Age;
using Harmony.Core.Runtime;
using Harmony.Gateway.Reloading;
using Harmony.Mesh.Cloud;
using Microsoft.Extensions.Logging;

namespace Harmony.Gateway.Cloud;

/// <summary>
/// Deals with the cloud that steers the gateway: asks for changes, applies them, reports, renews the token, pushes. The gateway serves the same whether the
/// cloud answers or not. One dealing at a time; each is bounded.
/// </summary>
internal sealed class CloudAgent : IReloadObserver, IAsyncDisposable
{
    /// <summary>Whether the configuration is pushed when the gateway starts: <c>true</c> or <c>1</c>.</summary>
    public const string PushVariable = "RUNBEAM_PUSH_CONFIG_ON_STARTUP";

    private static readonly TimeSpan Idle = TimeSpan.FromHours(1);

    private readonly Func<GatewaySnapshot> _running;
    private readonly Reloader _reloader;
    private readonly Func<string, string?> _environment;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly SemaphoreSlim _turn = new(1);
    private readonly BackgroundLoop _loop;
    private readonly ReferenceRetry _references;
    private CloudSession? _session;
    private volatile CloudContact _contact = new(null, true, "");
    private volatile MachineToken? _token;
    private volatile string? _warned; // the trouble with the token that was logged last
    private DateTimeOffset _renewalAsked;
    private bool _pushed;
    private bool _isDisposed;
    private int _failures;

    /// <summary>Begins to deal with the cloud, if the configuration has one.</summary>
    /// <param name="running">Gives the configuration that runs.</param>
    /// <param name="reloader">Replaces it.</param>
    /// <param name="environment">Looks an environment variable up.</param>
    /// <param name="clock">Tells the time.</param>
    /// <param name="logger">Target <c>harmony.cloud</c>.</param>
    public CloudAgent(Func<GatewaySnapshot> running, Reloader reloader, Func<string, string?> environment, TimeProvider clock, ILogger logger)
    {
        (_running, _reloader, _environment, _clock, _logger) = (running, reloader, environment, clock, logger);
        _pushed = environment(PushVariable) is not ("true" or "1");
        Users = new UserTokens(clock);
        CloudMetrics.Watch(TimeLeft);
        if (!string.IsNullOrEmpty(environment("RUNBEAM_ACCEPT_INVALID_CERTS"))) CloudLog.CertificatesAreChecked(logger);
        _loop = BackgroundLoop.Start("dealing with the cloud", RoundAsync, clock, logger);
        reloader.Observe(this);
        _references = new ReferenceRetry(running, reloader, clock, logger);
    }

    /// <summary>Verifies the tokens of the cloud's users.</summary>
    public UserTokens Users { get; }

    /// <summary>The cloud that is dealt with, without waiting for a dealing that is under way; null before the first.</summary>
    public CloudSession? Current => Volatile.Read(ref _session);

    /// <summary>How the last dealing went.</summary>
    public CloudContact Contact => _contact;

    /// <summary>The token that was last used; null where there is none.</summary>
    public MachineToken? Token => _token;

    /// <summary>Does something with the cloud when it is its turn.</summary>
    /// <param name="work">What; not called where no cloud steers the gateway.</param>
    /// <param name="ct">Trips when the caller no longer waits.</param>
    /// <returns>Default where no cloud steers the gateway.</returns>
    public async Task<T?> WithAsync<T>(Func<CloudSession, Task<T>> work, CancellationToken ct)
        where T : class
    {
        await _turn.WaitAsync(ct);
        try
        {
            return Session() is { } session ? await work(session) : null;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Keeps a token, and begins to use it.</summary>
    /// <exception cref="TokenStoreException">It cannot be kept.</exception>
    public void Keep(CloudSession session, MachineToken token, AgeKey? key = null)
    {
        session.Tokens.Save(token, key);
        ShareFiles(session);
        (_token, _warned, _failures) = (token, null, 0);
        CloudLog.Authorized(_logger, token.GatewayId, session.Api.Host, token.Expires);
        _loop.Wake();
    }

    /// <summary>Forgets the token and everything that was remembered.</summary>
    /// <returns>Whether there was a token.</returns>
    public bool Forget(CloudSession session)
    {
        var was = session.Tokens.Forget();
        session.State.Forget();
        (_token, _warned) = (null, null);
        CloudLog.Forgotten(_logger);
        return was;
    }

    /// <summary>Sends the configuration to the cloud, without its secrets.</summary>
    /// <exception cref="CloudException">The cloud does not take it.</exception>
    /// <exception cref="FormatException">A file is not TOML, so its secrets cannot be found: nothing is sent.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public async Task<ConfigurationPush> PushAsync(CloudSession session, MachineToken token, CancellationToken ct)
    {
        var push = ConfigurationPush.Of(_running());
        foreach (var part in push.Parts)
        {
            await session.Api.UpdateAsync(token, part.Type, part.Type == "gateway" ? token.GatewayId : null, part.Text, ct);
            session.State.Change(
                m => m with { Shared = m.Shared.Where(s => s.Key != part.Path).Append(new(part.Path, part.Hash)).ToDictionary(StringComparer.Ordinal) });
        }

        session.State.Change(m => m with { PushedAt = _clock.GetUtcNow() });
        CloudLog.Pushed(_logger, push.Parts.Count, push.Variables.Count == 0 ? "none" : string.Join(", ", push.Variables));
        return push;
    }

    /// <summary>Asks for changes now and applies them.</summary>
    /// <exception cref="CloudException">The cloud does not answer.</exception>
    public async Task PullAsync(CloudSession session, MachineToken token, CancellationToken ct)
    {
        var applier = new ChangeApplier(session, _running, _reloader, _clock, _logger);
        await applier.FinishAsync(token, ct);
        var changes = await session.Api.ChangesAsync(token, ct);
        // The list has the newest first; where times are given, they decide.
        foreach (var change in changes.Reverse().OrderBy(c => c.CreatedAt ?? DateTimeOffset.MinValue)) await applier.ApplyAsync(token, change.Id, ct);
        CloudMetrics.Polled(succeeded: true);
    }

    /// <summary>The token that there is and that has not ended; null where there is none, and the status says why.</summary>
    public MachineToken? Usable(CloudSession session)
    {
        try
        {
            _token = session.Tokens.Load();
        }
        catch (TokenStoreException e)
        {
            _token = null;
            Trouble(e.Message, () => CloudLog.NoToken(_logger, e.Message));
            return null;
        }

        if (_token is not { } token) return null;
        if (token.Expires > _clock.GetUtcNow()) return token;
        Trouble($"the token ended on {token.Expires:u}", () => CloudLog.Ended(_logger, token.Expires));
        return null;
    }

    /// <inheritdoc/>
    public void Attempting()
    {
    }

    /// <inheritdoc/>
    public void Attempted(ReloadStatus status)
    {
        // A change that fails is no reason to ask for it again at once: only another cloud is asked before its time.
        var (now, known) = (CloudSettings.Of(_running().Config, _environment), Current?.Settings);
        if (now?.Api != known?.Api || now?.PollInterval != known?.PollInterval) _loop.Wake();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _references.DisposeAsync();
        await _loop.DisposeAsync();
        CloudMetrics.Unwatch(TimeLeft);
        await _turn.WaitAsync(); // an operator's wish may still be under way
        _session?.Dispose();
        _session = null;
        _isDisposed = true;
        _turn.Release();
        Users.Dispose();
    }

    private TimeSpan? TimeLeft() => _token is { } token ? token.Expires - _clock.GetUtcNow() : null;

    private async ValueTask<TimeSpan> RoundAsync(CancellationToken ct)
    {
        await _turn.WaitAsync(ct);
        try
        {
            if (Session() is not { } session) return Idle;
            return Usable(session) is { } token ? await RoundAsync(session, token, ct) : Idle;
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task<TimeSpan> RoundAsync(CloudSession session, MachineToken token, CancellationToken ct)
    {
        try
        {
            ShareFiles(session);
            token = await RenewedAsync(session, token, ct);
            if (!_pushed) await PushAtStartAsync(session, token, ct);
            if (session.Settings.PollInterval == TimeSpan.Zero) await new ChangeApplier(session, _running, _reloader, _clock, _logger).FinishAsync(token, ct);
            else await PullAsync(session, token, ct);
            if (_failures > 0) CloudLog.Recovered(_logger, _failures);
            _failures = 0;
            _contact = new CloudContact(_clock.GetUtcNow(), true, "");
            return session.Settings.PollInterval == TimeSpan.Zero ? Idle : CloudPause.Jittered(session.Settings.PollInterval);
        }
        catch (Exception e) when (e is CloudException or TokenStoreException)
        {
            return Failed(e);
        }
    }

    /// <summary>Longer and longer, not all gateways at once, and not before the cloud wants to be asked again.</summary>
    private TimeSpan Failed(Exception e)
    {
        CloudMetrics.Polled(succeeded: false);
        var pause = CloudPause.After(++_failures, (e as CloudException)?.RetryAfter);
        _contact = new CloudContact(_clock.GetUtcNow(), false, e.Message);
        if (_failures == 1) CloudLog.Failed(_logger, e.Message, Math.Round(pause.TotalSeconds, 1));
        return pause;
    }

    /// <summary>Within the last seven days of a token, or the last quarter of a short one, the cloud is asked for another, once a day.</summary>
    private async Task<MachineToken> RenewedAsync(CloudSession session, MachineToken token, CancellationToken ct)
    {
        var now = _clock.GetUtcNow();
        if (token.Expires - now >= CloudMetrics.Soon || now - _renewalAsked < TimeSpan.FromDays(1)) return token;
        _renewalAsked = now;
        try
        {
            var answer = await session.Api.AuthorizeAsync(token.Value, token.GatewayCode ?? token.GatewayId, null, [], ct);
            if (answer.Token.GatewayId != token.GatewayId)
                throw new CloudException(CloudFailure.Malformed, $"'{session.Api.Host}' responded with a token for another gateway");
            if (answer.Token.Expires <= token.Expires) throw new CloudException(CloudFailure.Rejected, "the new token ends no later");
            Keep(session, answer.Token);
            return answer.Token;
        }
        catch (CloudException e)
        {
            CloudLog.EndsSoon(_logger, token.Expires, (int)(token.Expires - now).TotalDays, e.Message);
            return token;
        }
    }

    private async Task PushAtStartAsync(CloudSession session, MachineToken token, CancellationToken ct)
    {
        try
        {
            await PushAsync(session, token, ct);
            _pushed = true;
        }
        catch (Exception e) when (e is FormatException or IOException or UnauthorizedAccessException
            or CloudException { Failure: CloudFailure.Rejected or CloudFailure.NotFound })
        {
            _pushed = true; // it would not go better the next time
            CloudLog.NotPushed(_logger, e.Message);
        }
    }

    /// <summary>Before the first push, what both sides know is what there was when the gateway was authorized.</summary>
    private static void ShareFiles(CloudSession session)
    {
        if (session.State.Memory is not { Shared.Count: 0, PushedAt: null }) return;
        var shared = session.Config.Sources.OwnFiles.Where(File.Exists).ToDictionary(f => f, f => CloudState.HashOf(f)!, StringComparer.Ordinal);
        session.State.Change(m => m with { Shared = shared });
    }

    /// <summary>The session of the configuration that runs; another configuration begins another, with the same memory.</summary>
    private CloudSession? Session()
    {
        if (_isDisposed) return null;
        var config = _running().Config;
        if (_session is { } known && ReferenceEquals(known.Config, config)) return known;
        var old = _session;
        _session = null;
        if (CloudSettings.Of(config, _environment) is { } settings)
        {
            var tokens = TokenStore.Of(config, _environment);
            var state = old is not null && old.Tokens.Folder == tokens.Folder ? old.State : new CloudState(tokens.Folder);
            _session = new CloudSession(settings, config, new RunbeamApi(settings, config, _clock), tokens, state);
        }

        old?.Dispose();
        return _session;
    }

    /// <summary>Logged once for each trouble, told in the status all the time.</summary>
    private void Trouble(string message, Action log)
    {
        _contact = new CloudContact(_clock.GetUtcNow(), false, message);
        if (_warned == message) return;
        _warned = message;
        log();
    }
}
