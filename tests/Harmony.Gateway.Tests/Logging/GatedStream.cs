namespace Harmony.Gateway.Tests.Logging;

/// <summary>An output that takes nothing until its gate is opened.</summary>
internal sealed class GatedStream : MemoryStream
{
    private readonly ManualResetEventSlim _entered = new();
    private readonly ManualResetEventSlim _gate = new();

    public void WaitForWriter() => Assert.True(_entered.Wait(TimeSpan.FromSeconds(30)));

    public void Open() => _gate.Set();

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        _entered.Set();
        _gate.Wait();
        base.Write(buffer);
    }
}
