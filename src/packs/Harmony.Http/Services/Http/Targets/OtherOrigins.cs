using System.Net.Security;
using Harmony.Http.Services.Http.Forwarding;

namespace Harmony.Http.Services.Http.Targets;

/// <summary>
/// The connections to origins that a middleware chose in the place of the target. They get neither the target's credentials nor its client certificate.
/// </summary>
/// <param name="target">The settings of the target, which hold for the others, too.</param>
/// <param name="tls">Whom to trust.</param>
/// <param name="clock">Tells how long a connection has been idle.</param>
internal sealed class OtherOrigins(TargetPoolSettings target, SslClientAuthenticationOptions tls, TimeProvider clock) : IDisposable
{
    /// <summary>A middleware may take origins from messages, so that there may be any number.</summary>
    private const int MostKept = 32;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, TargetPool> _pools = new(StringComparer.OrdinalIgnoreCase);
    private readonly LinkedList<string> _byUse = [];

    /// <summary>What sends to an origin.</summary>
    /// <param name="origin">Scheme and authority.</param>
    public ITargetSender SenderFor(string origin)
    {
        TargetPool? old = null;
        lock (_lock)
        {
            _byUse.Remove(origin);
            _byUse.AddFirst(origin);
            if (_pools.TryGetValue(origin, out var known)) return known.Sender;
            var pool = _pools[origin] = Open(origin);
            if (_byUse.Count > MostKept)
            {
                _pools.Remove(_byUse.Last!.Value, out old);
                _byUse.RemoveLast();
            }

            old?.Dispose(); // closes what is idle; requests under way go on
            return pool.Sender;
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            foreach (var pool in _pools.Values) pool.Dispose();
            _pools.Clear();
        }
    }

    private TargetPool Open(string origin)
    {
        var anonymous = new SslClientAuthenticationOptions { CertificateChainPolicy = tls.CertificateChainPolicy };
        return TargetPool.Open(target with { BaseUrl = origin }, anonymous, clock);
    }
}
