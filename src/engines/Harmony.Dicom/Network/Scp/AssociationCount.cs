namespace Harmony.Dicom.Network.Scp;

/// <summary>How many associations are open. Acceptors that follow one another, one for each configuration, share one: then their limit is one of all of them.</summary>
public sealed class AssociationCount
{
    private int _value;

    /// <summary>How many there are now.</summary>
    public int Value => Volatile.Read(ref _value);

    /// <summary>Adds one, unless there are as many as there may be.</summary>
    internal bool TryAdd(int most)
    {
        if (Interlocked.Increment(ref _value) <= most) return true;
        Interlocked.Decrement(ref _value);
        return false;
    }

    internal void Remove() => Interlocked.Decrement(ref _value);
}
