using Harmony.Access.Authentication;
using Harmony.Core.Egress;
using Harmony.Core.Runtime;
using Harmony.Jose;
using Microsoft.Extensions.Logging;

namespace Harmony.Access.Middleware.JwtAuth;

/// <summary>How keys are kept fresh.</summary>
/// <param name="Middleware">Whose keys they are, for the log.</param>
/// <param name="RefreshEvery">Time after which they are fetched again.</param>
/// <param name="MinInterval">Shortest time between two fetches that tokens cause.</param>
internal sealed record RemoteKeySettings(string Middleware, TimeSpan RefreshEvery, TimeSpan MinInterval);

/// <summary>
/// Keys that an issuer publishes, fetched when the configuration goes live, renewed in the background, and fetched between times when a token
/// cannot be verified, but not more often than allowed. While they cannot be fetched, those known stay in use, also those that an earlier
/// configuration fetched.
/// </summary>
internal sealed class RemoteKeys(
    KeyDocument document, KnownKeys known, AcceptedAlgorithms accepted, RemoteKeySettings settings, TimeProvider clock, ILogger logger) : IKeySource
{
    private static readonly Backoff Retries = new(TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(5));

    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _lock = new();

    private BackgroundLoop? _renewing;
    private Task<bool>? _fetching;
    private int _failures;

    public KeySet Current => known.Current;

    public void Activate()
    {
        var firstPause = known.Age is { } age ? settings.RefreshEvery - age : TimeSpan.Zero;
        _renewing = BackgroundLoop.Start($"renewing the keys of '{settings.Middleware}'", RenewAsync, clock, logger, firstPause, Retries);
    }

    public async ValueTask<KeySet> NewerAsync(KeySet than, CancellationToken ct)
    {
        if (!ReferenceEquals(Current, than)) return Current;
        // One fetch serves all requests: a client that goes away ends its own wait only.
        await Fetching(isDue: false).WaitAsync(ct);
        return Current;
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        if (_renewing is { } renewing) await renewing.DisposeAsync();
        if (_fetching is { } fetching) await fetching;
        _stopping.Dispose();
    }

    /// <summary>Renews the keys when they are due.</summary>
    /// <returns>The time until the next renewal: shorter after a failure, and longer after each further one.</returns>
    private async ValueTask<TimeSpan> RenewAsync(CancellationToken ct)
    {
        _failures = await Fetching(isDue: true) ? 0 : _failures + 1;
        return _failures == 0 ? settings.RefreshEvery : Retries.After(_failures);
    }

    /// <summary>The fetch that is going on, or a new one, or the last when it is too early for another that was not planned.</summary>
    private Task<bool> Fetching(bool isDue)
    {
        lock (_lock)
        {
            if (_stopping.IsCancellationRequested) return _fetching ?? Task.FromResult(false);
            if (_fetching is { IsCompleted: false }) return _fetching;
            if (!isDue && known.WasAskedWithin(settings.MinInterval)) return _fetching ?? Task.FromResult(false);
            known.Ask();
            return _fetching = FetchAsync();
        }
    }

    private async Task<bool> FetchAsync()
    {
        await Task.Yield(); // out of the lock
        try
        {
            var bytes = await document.FetchAsync(_stopping.Token);
            if (known.IsUnchanged(bytes.Span)) return true;
            if (!JsonWebKeySet.TryParse(bytes, accepted, out var keys)) throw new EgressException(EgressFailure.Protocol, $"'{document.Host}' gave no key set");
            known.Keep(bytes.ToArray(), keys);
            AuthLog.KeysFetched(logger, settings.Middleware, keys.Keys.Count, document.Host);
            return true;
        }
        catch (EgressException e)
        {
            AuthLog.KeysNotFetched(logger, settings.Middleware, Current.Keys.Count, e.Message);
            return false;
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            return false;
        }
    }
}

/// <summary>
/// What has been fetched of one key set, and when. Carried from one configuration to the next, so that a reload while the issuer is down
/// locks no client out.
/// </summary>
internal sealed class KnownKeys(TimeProvider clock)
{
    private readonly Lock _lock = new();
    private KeySet _current = KeySet.Empty;
    private byte[] _document = [];
    private long? _asked;
    private long? _fetched;

    /// <summary>The keys; <see cref="KeySet.Empty"/> itself when none have ever been fetched.</summary>
    public KeySet Current => Volatile.Read(ref _current);

    /// <summary>Time since they were last fetched or found unchanged; null when that has never been.</summary>
    public TimeSpan? Age
    {
        get
        {
            lock (_lock) return _fetched is { } then ? clock.GetElapsedTime(then) : null;
        }
    }

    /// <summary>Notes that the issuer is being asked.</summary>
    public void Ask()
    {
        lock (_lock) _asked = clock.GetTimestamp();
    }

    /// <summary>Whether the issuer has been asked within that time.</summary>
    public bool WasAskedWithin(TimeSpan time)
    {
        lock (_lock) return _asked is { } then && clock.GetElapsedTime(then) < time;
    }

    /// <summary>Notes that the document came; false when it is another one than last time, whose keys are still to be kept.</summary>
    public bool IsUnchanged(ReadOnlySpan<byte> document)
    {
        lock (_lock)
        {
            if (_fetched is null || !document.SequenceEqual(_document)) return false;
            _fetched = clock.GetTimestamp();
            return true;
        }
    }

    /// <summary>Puts the keys of another document in the place of those known.</summary>
    public void Keep(byte[] document, KeySet keys)
    {
        lock (_lock)
        {
            (_document, _fetched) = (document, clock.GetTimestamp());
            // What was verified by a key that is gone is verified anew: that goes by the set's identity.
            Volatile.Write(ref _current, keys);
        }
    }
}
