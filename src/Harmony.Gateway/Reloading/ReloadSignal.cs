using System.Runtime.InteropServices;

namespace Harmony.Gateway.Reloading;

/// <summary>SIGHUP: asks the running gateway to reload, as daemons do by tradition.</summary>
internal sealed class ReloadSignal(ConfigWatcher watcher) : IDisposable
{
    private readonly PosixSignalRegistration _registration = PosixSignalRegistration.Create(PosixSignal.SIGHUP, context =>
    {
        context.Cancel = true; // it would end the program
        watcher.Request("SIGHUP");
    });

    public void Dispose() => _registration.Dispose();
}
