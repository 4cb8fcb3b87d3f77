using Harmony.Core.Configuration;
using Harmony.Core.Modules;
using Harmony.Core.Runtime;
using Microsoft.Extensions.Logging;

namespace Harmony.Gateway.Hosting;

/// <summary>A listener and the adapter that opened it.</summary>
internal sealed record OpenListener(IProtocolAdapter Adapter, IListener Listener);

/// <summary>
/// The open listeners. A configuration changes them in two halves: <see cref="OpenAsync(GatewaySnapshot, ConfigProblems, CancellationToken)"/> opens what is
/// new and can be taken back,
/// <see cref="Complete"/> closes what is no longer wanted. Equal bindings are left alone, with their connections. One change at a time.
/// </summary>
internal sealed class ListenerSet(GatewayRuntime runtime, ILoggerFactory loggers, TimeProvider clock) : IDisposable
{
    /// <summary>
    /// How often an address is tried, 10 ms apart, that one of ours is just leaving. No listener serves it meanwhile, so a new listener that
    /// cannot have it for another reason must give up soon; an old one that comes back has nothing better to do.
    /// </summary>
    private const int TriesForNew = 50, TriesForOld = 500;

    private readonly ILogger _logger = loggers.CreateLogger("harmony");
    private readonly BackgroundTasks _closing = new();
    private readonly CancellationTokenSource _hurry = new();
    private volatile IReadOnlyList<OpenListener> _open = [];

    /// <summary>The open listeners.</summary>
    public IReadOnlyList<IListener> All => [.. _open.Select(o => o.Listener)];

    /// <summary>Opens the listeners of a configuration that are not open yet; all of them, or none.</summary>
    /// <param name="next">The configuration.</param>
    /// <param name="problems">Takes the addresses that cannot be bound, as errors.</param>
    /// <param name="ct">Ends the waiting.</param>
    /// <returns>What was done; null where an address cannot be bound: everything is as before then.</returns>
    public async Task<ListenerChange?> OpenAsync(GatewaySnapshot next, ConfigProblems problems, CancellationToken ct)
    {
        var wanted = next.Modules.Adapters.SelectMany(a => a.BindingsOf(next).Select(b => (Adapter: a, Binding: b))).ToList();
        var change = new ListenerChange(
            [.. _open.Where(o => wanted.Exists(w => w.Binding.Equals(o.Listener.Binding)))],
            [.. _open.Where(o => !wanted.Exists(w => w.Binding.Equals(o.Listener.Binding)))]);
        var missing = wanted.Where(w => !change.Kept.Any(o => o.Listener.Binding.Equals(w.Binding))).ToLookup(w => change.IsInTheWayOf(w.Binding));
        try
        {
            foreach (var (adapter, binding) in missing[false]) await TryOpenAsync(adapter, binding);
            // Two cannot listen on one address: these are closed first, so they come last, when nothing else can fail.
            foreach (var (adapter, binding) in missing[true])
            {
                if (problems.HasErrors) break;
                foreach (var old in change.Release(binding)) Close(old.Listener, next);
                await TryOpenAsync(adapter, binding);
            }
        }
        catch
        {
            await TakeBackAsync(change, next, problems);
            throw;
        }

        if (!problems.HasErrors) return change;
        await TakeBackAsync(change, next, problems);
        return null;

        async Task TryOpenAsync(IProtocolAdapter adapter, ListenerBinding binding)
        {
            try
            {
                change.Opened.Add(new OpenListener(adapter, await OpenAsync(adapter, binding, change.Released.Count > 0 ? TriesForNew : 0, ct)));
            }
            catch (Exception e) when (IsBindFailure(e))
            {
                Report(binding, e, problems);
            }
        }
    }

    /// <summary>Closes what the configuration does not want: no new connections, running requests finish within <c>shutdown_timeout_secs</c>.</summary>
    public void Complete(ListenerChange change, GatewaySnapshot next)
    {
        _open = [.. change.Kept, .. change.Opened];
        foreach (var old in change.Obsolete.Except(change.Released)) Close(old.Listener, next);
    }

    /// <summary>Closes them.</summary>
    /// <param name="except">A network whose listeners stay open; null for none.</param>
    /// <param name="deadline">Ends the patience with running requests.</param>
    public async Task CloseAsync(string? except, CancellationToken deadline)
    {
        var closing = _open.Where(o => o.Listener.Binding.Network != except).ToList();
        _open = [.. _open.Except(closing)];
        await using var registration = deadline.UnsafeRegister(static hurry => ((CancellationTokenSource)hurry!).Cancel(), _hurry);
        await Task.WhenAll([_closing.AllAsync(), .. closing.Select(o => StopAsync(o.Listener, deadline))]);
    }

    public void Dispose() => _hurry.Dispose();

    private void Close(IListener listener, GatewaySnapshot next)
        => _closing.Add(CloseAsync(listener, TimeSpan.FromSeconds(next.Config.Proxy.ShutdownTimeoutSecs)));

    private async Task CloseAsync(IListener listener, TimeSpan patience)
    {
        using var timeout = new CancellationTokenSource(patience, clock);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, _hurry.Token);
        await StopAsync(listener, deadline.Token);
    }

    /// <summary>Ends a listener. One that fails to end keeps no other open, and no gateway from its end.</summary>
    private async Task StopAsync(IListener listener, CancellationToken deadline)
    {
        try
        {
            await listener.StopAsync(deadline);
        }
        catch (Exception e)
        {
            HostLog.ListenerFailed(_logger, e, listener.Binding.Url);
        }

        try
        {
            await listener.DisposeAsync();
        }
        catch (Exception e)
        {
            HostLog.ListenerFailed(_logger, e, listener.Binding.Url);
        }
    }

    /// <summary>Opens a listener; where another of ours is just leaving its address, as soon as it has.</summary>
    private async Task<IListener> OpenAsync(IProtocolAdapter adapter, ListenerBinding binding, int tries, CancellationToken ct)
    {
        for (; ; tries--)
        {
            try
            {
                return await adapter.OpenAsync(binding, runtime, loggers, ct);
            }
            catch (IOException) when (tries > 0)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(10), clock, ct);
            }
        }
    }

    private async Task TakeBackAsync(ListenerChange change, GatewaySnapshot next, ConfigProblems problems)
    {
        foreach (var opened in change.Opened) Close(opened.Listener, next);
        var reopened = new List<OpenListener>();
        foreach (var (adapter, listener) in change.Released)
        {
            try
            {
                reopened.Add(new OpenListener(adapter, await OpenAsync(adapter, listener.Binding, TriesForOld, CancellationToken.None)));
            }
            catch (Exception e) when (IsBindFailure(e))
            {
                Report(listener.Binding, e, problems);
            }
        }

        _open = [.. _open.Except(change.Released), .. reopened];
    }

    private static bool IsBindFailure(Exception e) => e is IOException or System.Net.Sockets.SocketException;

    private static void Report(ListenerBinding binding, Exception e, ConfigProblems problems)
        => problems.Error(binding.Origin.Location, $"network '{binding.Network}' cannot listen on {binding.Address}:{binding.Port}: {BindFailure.Reason(e)}");
}
