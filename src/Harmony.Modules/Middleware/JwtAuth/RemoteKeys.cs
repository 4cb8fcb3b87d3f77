using Harmony.Modules.Authentication;
using Harmony.Modules.Egress;
using Harmony.Modules.Jose;
using Microsoft.Extensions.Logging;

namespace Harmony.Modules.Middleware.JwtAuth;

/// <summary>
/// Keys that an issuer publishes, fetched when the configuration goes live, renewed in the background, and fetched between times when a token
/// cannot be verified, but not more often than allowed. While they cannot be fetched, those known stay in use.
/// </summary>
internal sealed class RemoteKeys(
    KeyDocument document, AcceptedAlgorithms accepted, RemoteKeySettings settings, TimeProvider clock, ILogger logger) : IKeySource
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LastRetry = TimeSpan.FromMinutes(5);

    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _lock = new();

    private KeySet _current = KeySet.Empty;
    private byte[] _document = [];
    private Task _renewing = Task.CompletedTask;
    private Task<bool>? _fetching;
    private long _fetchedAt;

    public KeySet Current => Volatile.Read(ref _current);

    public void Activate() => _renewing = RenewAsync();

    public async ValueTask<KeySet> NewerAsync(KeySet than, CancellationToken ct)
    {
        if (!ReferenceEquals(Current, than)) return Current;
        // Fetched for everybody: a client that goes away takes its own wait along and nothing else.
        await Fetching(isDue: false).WaitAsync(ct);
        return Current;
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _renewing;
        if (_fetching is { } fetching) await fetching;
        _stopping.Dispose();
    }

    /// <summary>Renews the keys until it is stopped; earlier and ever later when that fails.</summary>
    private async Task RenewAsync()
    {
        var retry = FirstRetry;
        try
        {
            while (true)
            {
                var isFetched = await Fetching(isDue: true);
                await Task.Delay(isFetched ? settings.RefreshEvery : retry, clock, _stopping.Token);
                retry = isFetched ? FirstRetry : TimeSpan.FromTicks(Math.Min(retry.Ticks * 2, LastRetry.Ticks));
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The configuration is not in use any more.
        }
    }

    /// <summary>The fetch that is going on, or a new one, or the last when it is too early for another that nobody has planned.</summary>
    private Task<bool> Fetching(bool isDue)
    {
        lock (_lock)
        {
            if (_stopping.IsCancellationRequested) return _fetching ?? Task.FromResult(false);
            if (_fetching is { IsCompleted: false }) return _fetching;
            if (!isDue && _fetching is not null && clock.GetElapsedTime(_fetchedAt) < settings.MinInterval) return _fetching;
            _fetchedAt = clock.GetTimestamp();
            return _fetching = FetchAsync();
        }
    }

    private async Task<bool> FetchAsync()
    {
        await Task.Yield(); // out of the lock
        try
        {
            var bytes = await document.FetchAsync(_stopping.Token);
            if (bytes.Span.SequenceEqual(_document)) return true;
            if (!JsonWebKeySet.TryParse(bytes, accepted, out var keys)) throw new EgressException(EgressFailure.Protocol, $"'{document.Host}' gave no key set");
            _document = bytes.ToArray();
            // What was verified by a key that is gone is verified anew: that goes by the set's identity.
            Volatile.Write(ref _current, keys);
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
