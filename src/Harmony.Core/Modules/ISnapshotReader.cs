namespace Harmony.Core.Modules;

/// <summary>A step that shows what a body was before steps put something else in its place (<see cref="Envelope.Body.ReadSnapshot"/>).</summary>
public interface ISnapshotReader
{
    /// <summary>Whether it will; asked for each request, which then keeps what is replaced until its end.</summary>
    bool ReadsSnapshots { get; }
}
