using System.Runtime.InteropServices;

namespace Harmony.Access.Middleware.Policies.RateLimiting;

/// <summary>
/// A part of a <see cref="RateLimitTable"/> with a lock of its own: clients in an array, linked from the latest seen to the one longest away.
/// </summary>
internal sealed class RateLimitShard(RateLimitSettings settings, int maxClients)
{
    private const int None = -1;

    /// <summary>Moments in rings for each client that may be remembered, on average, so that many busy clients cannot take all memory.</summary>
    private const int MomentsPerClient = 8;

    private readonly Lock _lock = new();
    private readonly Dictionary<UInt128, int> _places = [];
    private readonly long _maxMoments = Math.Max((long)maxClients * MomentsPerClient, 2 * RateLimitSettings.MaxMoments);
    private Client[] _clients = [];
    private int _used;
    private int _free = None;
    private int _latest = None;
    private int _longestAway = None;
    private long _moments;

    /// <summary>Clients remembered now.</summary>
    public int Count
    {
        get
        {
            lock (_lock) return _places.Count;
        }
    }

    /// <inheritdoc cref="RateLimitTable.TryTake"/>
    public bool TryTake(UInt128 client, long nowMs, out long retryAfterMs)
    {
        lock (_lock)
        {
            var place = PlaceOf(client, nowMs);
            ref var window = ref _clients[place].Window;
            var before = window.Capacity;
            var taken = window.TryAdd(nowMs, settings, out retryAfterMs);
            _moments += window.Capacity - before;
            while (_moments > _maxMoments && _longestAway != place) Remove(_longestAway);
            return taken;
        }
    }

    /// <inheritdoc cref="RateLimitTable.GiveBack"/>
    public void GiveBack(UInt128 client)
    {
        lock (_lock)
        {
            if (_places.TryGetValue(client, out var place)) _clients[place].Window.TakeBack();
        }
    }

    private int PlaceOf(UInt128 client, long nowMs)
    {
        if (_places.TryGetValue(client, out var place))
        {
            if (place == _latest) return place;
            Unlink(place);
        }
        else
        {
            place = NewPlace(nowMs);
            _places[client] = place;
            _clients[place] = new Client { Key = client };
        }

        LinkAsLatest(place);
        return place;
    }

    /// <summary>A new client takes the places of those whose window is over, two at most, so that no request waits for a clean-up.</summary>
    private int NewPlace(long nowMs)
    {
        for (var i = 0; i < 2 && _longestAway != None && _clients[_longestAway].Window.IsOver(nowMs, settings); i++) Remove(_longestAway);
        if (_free == None && _places.Count >= maxClients) Remove(_longestAway);
        if (_free != None)
        {
            var place = _free;
            _free = _clients[place].Older;
            return place;
        }

        if (_used == _clients.Length) Array.Resize(ref _clients, Math.Min(Math.Max(16, _clients.Length * 2), maxClients));
        return _used++;
    }

    private void Remove(int place)
    {
        Unlink(place);
        _places.Remove(_clients[place].Key);
        _moments -= _clients[place].Window.Capacity;
        _clients[place] = new Client { Older = _free };
        _free = place;
    }

    private void LinkAsLatest(int place)
    {
        ref var client = ref _clients[place];
        client.Newer = None;
        client.Older = _latest;
        if (_latest != None) _clients[_latest].Newer = place;
        else _longestAway = place;
        _latest = place;
    }

    private void Unlink(int place)
    {
        ref var client = ref _clients[place];
        if (client.Newer != None) _clients[client.Newer].Older = client.Older;
        else _latest = client.Older;
        if (client.Older != None) _clients[client.Older].Newer = client.Newer;
        else _longestAway = client.Newer;
    }

    private struct Client
    {
        public UInt128 Key;
        public RequestWindow Window;
        public int Newer;
        public int Older; // the next free place, in one that is free
    }
}

/// <summary>
/// The requests of one client within the last window, as moments with counts. A struct that lives in its table's array; the newest moment
/// is inside, so that a client who comes once costs nothing more, and older ones are in a ring that grows with use.
/// </summary>
internal struct RequestWindow
{
    private const int FirstCapacity = 2;

    private Moment[]? _ring;
    private long _newestAt;
    private int _newestCount;
    private int _olderCount;
    private short _first;
    private short _length;

    /// <summary>Moments that the ring has room for.</summary>
    public readonly int Capacity => _ring?.Length ?? 0;

    /// <summary>Whether nothing is left of the last window.</summary>
    public readonly bool IsOver(long nowMs, RateLimitSettings settings) => nowMs - _newestAt >= settings.WindowMs;

    /// <summary>Counts a request unless the limit is reached.</summary>
    /// <param name="nowMs">Milliseconds on any clock that does not go back.</param>
    /// <param name="settings">The limit.</param>
    /// <param name="retryAfterMs">Milliseconds until there is room again; 0 when there is.</param>
    public bool TryAdd(long nowMs, RateLimitSettings settings, out long retryAfterMs)
    {
        Forget(nowMs, settings);
        retryAfterMs = 0;
        if (_olderCount + _newestCount >= settings.MaxRequests)
        {
            var oldestAge = _length > 0 ? AgeOf(_ring![_first], nowMs) : nowMs - _newestAt;
            retryAfterMs = settings.WindowMs - oldestAge;
            return false;
        }

        Add(settings.MomentOf(nowMs));
        return true;
    }

    /// <summary>Takes back the newest request, if there is one.</summary>
    public void TakeBack()
    {
        if (_newestCount > 0) _newestCount--;
    }

    /// <summary>Moments hold the low half of the time only. They are at most two windows old, so the difference is right all the same.</summary>
    private static int AgeOf(Moment moment, long nowMs) => (int)((uint)nowMs - moment.At);

    private void Forget(long nowMs, RateLimitSettings settings)
    {
        if (IsOver(nowMs, settings))
        {
            _newestCount = _olderCount = 0;
            _length = 0;
            return;
        }

        while (_length > 0 && AgeOf(_ring![_first], nowMs) >= settings.WindowMs)
        {
            _olderCount -= _ring[_first].Count;
            _first = (short)((_first + 1) & (_ring.Length - 1));
            _length--;
        }
    }

    private void Add(long at)
    {
        if (_newestCount > 0)
        {
            if (at <= _newestAt)
            {
                _newestCount++;
                return;
            }

            Push(new Moment((uint)_newestAt, _newestCount));
        }

        _newestAt = at;
        _newestCount = 1;
    }

    private void Push(Moment moment)
    {
        if (_ring is null || _length == _ring.Length) Grow();
        _ring![(_first + _length) & (_ring.Length - 1)] = moment;
        _length++;
        _olderCount += moment.Count;
    }

    /// <summary>Capacities are powers of two, so that places are found without a division.</summary>
    private void Grow()
    {
        var larger = new Moment[Math.Max(FirstCapacity, Capacity * 2)];
        for (var i = 0; i < _length; i++) larger[i] = _ring![(_first + i) & (_ring.Length - 1)];
        _ring = larger;
        _first = 0;
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Moment(uint At, int Count);
}
