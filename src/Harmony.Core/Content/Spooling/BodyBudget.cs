using System.Diagnostics.Metrics;
using Harmony.Core.Diagnostics;
using Harmony.Core.Faults;

namespace Harmony.Core.Content.Spooling;

/// <summary>
/// How much all bodies together may hold, in memory and in temporary files. What finds no room in memory goes to a file; what finds no room there is
/// refused with 503. So a thousand clients that send large bodies slowly cost what is configured, not what they send. Safe for concurrent use.
/// </summary>
/// <param name="folder">Folder of the temporary files.</param>
/// <param name="mostInMemory">Bytes in memory, at least 0.</param>
/// <param name="mostOnDisk">Bytes in temporary files, at least 0.</param>
public sealed class BodyBudget(string folder, long mostInMemory = BodyBudget.DefaultMemory, long mostOnDisk = BodyBudget.DefaultDisk)
{
    /// <summary>Bytes in memory where the configuration does not say: 256 MiB.</summary>
    public const long DefaultMemory = 256L * 1024 * 1024;

    /// <summary>Bytes in temporary files where the configuration does not say: 16 GiB.</summary>
    public const long DefaultDisk = 16L * 1024 * 1024 * 1024;

    private long _mostInMemory = mostInMemory;
    private long _mostOnDisk = mostOnDisk;
    private long _inMemory;
    private long _onDisk;

    /// <summary>The budget of this process, in the system's folder for temporary files.</summary>
    public static BodyBudget Process { get; } = new(Path.GetTempPath());

    /// <summary>Folder of the temporary files.</summary>
    public string Folder => folder;

    /// <summary>Bytes held in memory now.</summary>
    public long InMemory => Volatile.Read(ref _inMemory);

    /// <summary>Bytes held in temporary files now.</summary>
    public long OnDisk => Volatile.Read(ref _onDisk);

    /// <summary>Changes the limits. What is held beyond them stays until its messages end.</summary>
    /// <param name="inMemory">Bytes in memory, at least 0.</param>
    /// <param name="onDisk">Bytes in temporary files, at least 0.</param>
    public void SetLimits(long inMemory, long onDisk)
    {
        BodyMetrics.Begin();
        Volatile.Write(ref _mostInMemory, inMemory);
        Volatile.Write(ref _mostOnDisk, onDisk);
    }

    /// <summary>Reserves memory; null if too little is left. Disposal releases the memory.</summary>
    /// <param name="bytes">Bytes to reserve.</param>
    public HeldMemory? TryHold(long bytes) => TryTake(ref _inMemory, bytes, Volatile.Read(ref _mostInMemory)) ? new HeldMemory(this, bytes) : null;

    internal bool TryTakeMemory(long bytes) => TryTake(ref _inMemory, bytes, Volatile.Read(ref _mostInMemory));

    internal void ReturnMemory(long bytes) => Interlocked.Add(ref _inMemory, -bytes);

    /// <summary>Takes room on the disk.</summary>
    /// <exception cref="GatewayException"><see cref="FaultKind.Unavailable"/> when there is none.</exception>
    internal void TakeDisk(long bytes)
    {
        var most = Volatile.Read(ref _mostOnDisk);
        if (TryTake(ref _onDisk, bytes, most)) return;
        BodyMetrics.Refused.Add(1);
        throw new GatewayException(FaultSource.Gateway, FaultKind.Unavailable,
            $"bodies held for their requests have reached content_limits.max_spool_size = {most} bytes; try again later", retryable: true);
    }

    internal void ReturnDisk(long bytes) => Interlocked.Add(ref _onDisk, -bytes);

    private static bool TryTake(ref long held, long bytes, long most)
    {
        while (true)
        {
            var now = Volatile.Read(ref held);
            if (now > most - bytes) return false;
            if (Interlocked.CompareExchange(ref held, now + bytes, now) == now) return true;
        }
    }
}

/// <summary>
/// Room that was taken of a <see cref="BodyBudget"/>, given back once: by disposal, or by the collector where a message was dropped undisposed.
/// </summary>
public sealed class HeldMemory : IDisposable
{
    private readonly BodyBudget _budget;
    private long _bytes;

    internal HeldMemory(BodyBudget budget, long bytes) => (_budget, _bytes) = (budget, bytes);

#pragma warning disable MA0055 // a message that was not disposed must not keep its room for good
    /// <summary>Gives the room back.</summary>
    ~HeldMemory() => Release();
#pragma warning restore MA0055

    /// <summary>Bytes held.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <inheritdoc/>
    public void Dispose()
    {
        Release();
        GC.SuppressFinalize(this);
    }

    /// <summary>Takes more room, or gives some back; false when there is not enough.</summary>
    internal bool TryResize(long bytes)
    {
        var more = bytes - _bytes;
        if (more > 0 && !_budget.TryTakeMemory(more)) return false;
        if (more < 0) _budget.ReturnMemory(-more);
        _bytes = bytes;
        return true;
    }

    private void Release()
    {
        if (Interlocked.Exchange(ref _bytes, 0) is > 0 and var bytes) _budget.ReturnMemory(bytes);
    }
}

/// <summary>Tells how much bodies hold.</summary>
internal static class BodyMetrics
{
    static BodyMetrics()
    {
        HarmonyMetrics.Meter.CreateObservableUpDownCounter("harmony.bodies.memory", () => BodyBudget.Process.InMemory, "By",
            "Bytes of bodies that are held in memory.");
        HarmonyMetrics.Meter.CreateObservableUpDownCounter("harmony.bodies.disk", () => BodyBudget.Process.OnDisk, "By",
            "Bytes of bodies that are held in temporary files.");
    }

    /// <summary>Bodies for which there was no room.</summary>
    public static Counter<long> Refused { get; } =
        HarmonyMetrics.Meter.CreateCounter<long>(
            "harmony.bodies.refused", "{body}", "Bodies that were refused with 503, because all bodies together held too much.");

    /// <summary>Makes the instruments, if they are not there yet.</summary>
    public static void Begin()
    {
    }
}
