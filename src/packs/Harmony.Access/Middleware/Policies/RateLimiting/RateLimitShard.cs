namespace Harmony.Access.Middleware.Policies.RateLimiting;

/// <summary>A part of a <see cref="RateLimitTable"/> with a lock of its own: clients in an array, linked from the latest seen to the one longest away.</summary>
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

    /// <summary>Whoever comes new takes the place of those whose window is over, two at most, so that nobody waits for a clean-up.</summary>
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
