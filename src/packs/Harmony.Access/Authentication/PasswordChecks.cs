using System.Net;
using System.Security.Cryptography;
using Harmony.Access.Middleware.Policies.Matching;
using Harmony.Core.Envelope;

namespace Harmony.Access.Authentication;

/// <summary>Whose password a request shows, as far as the turns of checks go: an IPv6 client is its network of 64 bits.</summary>
/// <param name="Client">The client's address as a number; zero when unknown.</param>
/// <param name="User">The user name, right or not.</param>
internal readonly record struct PasswordOwner(UInt128 Client, string User)
{
    public static PasswordOwner Of(RequestEnvelope request, string user) => new(NumberOf(request.ClientAddress), user);

    private static UInt128 NumberOf(IPAddress? address)
    {
        if (address is null) return UInt128.Zero;
        var number = AddressNumber.Of(address);
        return AddressNumber.IsIPv4(number) ? number : number >> 64 << 64;
    }
}

/// <summary>
/// Checks passwords against slow hashes, few at a time: each costs a tenth of a second of a processor. What waits is bounded, in all and for
/// each client and user, and the client that has waited longest for a turn is next: so guessing neither takes the processors from others
/// nor keeps other clients from logging in.
/// </summary>
/// <param name="slots">Checks at a time.</param>
internal sealed class PasswordChecks(int slots)
{
    /// <summary>Checks that may wait in all; at a tenth of a second each, a check waits for some seconds at most.</summary>
    public const int MaxWaiting = 64;

    /// <summary>Checks of one client that may be under way or wait.</summary>
    public const int MaxOfClient = 16;

    /// <summary>Most checks of one client for one user that run or wait: a user with the right password needs one.</summary>
    public const int MaxOfUser = 2;

    private const int MaxRemembered = 4096;

    private readonly Lock _lock = new();
    private readonly Dictionary<CredentialDigest, Check> _checks = [];
    private readonly List<Check> _waiting = [];
    private readonly Dictionary<PasswordOwner, long> _lastTurns = [];
    private long _turns;
    private int _running;

    /// <summary>Those of the whole process: half its processors.</summary>
    public static PasswordChecks Shared { get; } = new(Math.Max(1, Environment.ProcessorCount / 2));

    /// <summary>Whether a password is right; requests that show the same one at the same time share a check.</summary>
    /// <param name="owner">Who shows it.</param>
    /// <param name="pair">What stands for user name and password.</param>
    /// <param name="password">The password in UTF-8; wiped when it is not needed any more.</param>
    /// <param name="matches">The slow part.</param>
    /// <param name="ct">Ends the wait; a check gives up its place when its caller has gone.</param>
    /// <returns>Null where too many wait already.</returns>
    public async Task<bool?> MatchesAsync(PasswordOwner owner, CredentialDigest pair, byte[] password, Func<byte[], bool> matches, CancellationToken ct)
    {
        Check? check;
        lock (_lock)
        {
            if (_checks.TryGetValue(pair, out check)) CryptographicOperations.ZeroMemory(password);
            else if (!HasRoomFor(owner))
            {
                CryptographicOperations.ZeroMemory(password);
                return null;
            }
            else
            {
                _checks[pair] = check = new Check(owner, pair, password, matches);
                if (_running < slots) Start(check);
                else _waiting.Add(check);
            }

            check.Interested++;
        }

        try
        {
            return await check.Outcome.Task.WaitAsync(ct);
        }
        finally
        {
            lock (_lock)
            {
                if (--check.Interested == 0 && _waiting.Remove(check)) Forget(check);
            }
        }
    }

    private bool HasRoomFor(PasswordOwner owner)
    {
        if (_running == slots && _waiting.Count >= MaxWaiting) return false;
        var (ofClient, ofUser) = (0, 0);
        foreach (var check in _checks.Values)
        {
            if (check.Owner.Client != owner.Client) continue;
            ofClient++;
            if (check.Owner.User == owner.User) ofUser++;
        }

        return ofClient < MaxOfClient && ofUser < MaxOfUser;
    }

    private void Start(Check check)
    {
        _running++;
        if (_lastTurns.Count >= MaxRemembered) _lastTurns.Clear(); // a moment of unfairness, and not a memory that guesses fill
        var turn = ++_turns;
        _lastTurns[check.Owner] = turn;
        _lastTurns[new PasswordOwner(check.Owner.Client, "")] = turn;
        _ = Task.Run(() => Run(check));
    }

    private void Run(Check check)
    {
        try
        {
            check.Outcome.TrySetResult(check.Matches(check.Password));
        }
        catch (Exception e)
        {
            check.Outcome.TrySetException(e);
        }
        finally
        {
            lock (_lock)
            {
                _running--;
                Forget(check);
                if (Next() is { } next) Start(next);
                else if (_running == 0) _lastTurns.Clear();
            }
        }
    }

    private void Forget(Check check)
    {
        _checks.Remove(check.Pair);
        CryptographicOperations.ZeroMemory(check.Password);
    }

    /// <summary>The client that had a turn least recently comes next, then of its users the one that had; who never had one goes before all who had.</summary>
    private Check? Next()
    {
        Check? next = null;
        (long Client, long User) earliest = default;
        foreach (var check in _waiting)
        {
            var last = (_lastTurns.GetValueOrDefault(new PasswordOwner(check.Owner.Client, "")), _lastTurns.GetValueOrDefault(check.Owner));
            if (next is not null && last.CompareTo(earliest) >= 0) continue;
            (next, earliest) = (check, last);
        }

        if (next is not null) _waiting.Remove(next);
        return next;
    }

    private sealed class Check(PasswordOwner owner, CredentialDigest pair, byte[] password, Func<byte[], bool> matches)
    {
        public PasswordOwner Owner { get; } = owner;

        public CredentialDigest Pair { get; } = pair;

        public byte[] Password { get; } = password;

        public Func<byte[], bool> Matches { get; } = matches;

        public TaskCompletionSource<bool> Outcome { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Requests that wait for the outcome.</summary>
        public int Interested { get; set; }
    }
}

/// <summary>
/// What checking a password costs where some hashes are slower than others: every wrong password, and that of a user who is not there, takes
/// as long as the most expensive hash of each kind, so that the time of a response does not reveal which users exist.
/// </summary>
internal sealed class PasswordCost
{
    private readonly PasswordHash[] _dearest;

    /// <param name="hashes">The hashes of all users.</param>
    public PasswordCost(IEnumerable<PasswordHash> hashes) => _dearest = [.. hashes.GroupBy(h => h.Kind).Select(kind => kind.MaxBy(h => h.Rounds)!)];

    /// <summary>Whether the password has that hash; null is the hash of no user.</summary>
    public bool Matches(PasswordHash? hash, ReadOnlySpan<byte> password)
    {
        if (hash?.Matches(password) == true) return true;
        foreach (var (example, rounds) in Left(hash)) example.Spend(rounds, password);
        return false;
    }

    /// <summary>The rounds of each kind that checking a hash leaves to be spent, with a hash of that kind.</summary>
    internal IEnumerable<(PasswordHash Example, int Rounds)> Left(PasswordHash? hash)
        => _dearest.Select(h => (h, hash?.Kind == h.Kind ? h.Rounds - hash.Rounds : h.Rounds)).Where(left => left.Item2 > 0);
}
