using System.Runtime.InteropServices;

namespace Harmony.Access.Middleware.Policies.RateLimiting;

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
