using System.Net;

namespace Harmony.Core.Modules;

/// <summary>An open listener.</summary>
public interface IListener : IAsyncDisposable
{
    /// <summary>What it is bound to.</summary>
    ListenerBinding Binding { get; }

    /// <summary>The addresses it really listens on; the port is known here where port 0 was asked for.</summary>
    IReadOnlyList<IPEndPoint> Endpoints { get; }

    /// <summary>Takes no new connections, lets running requests finish, and ends what is left when the token trips.</summary>
    Task StopAsync(CancellationToken deadline);
}
