namespace Harmony.Jolt.Documents;

/// <summary>An array or object of a document.</summary>
/// <remarks>
/// A transformation places the same container in several documents and at several places of one. Copying it each time would cost
/// its size; instead it is marked shared, nobody changes it any more, and who wants to change it takes a copy first.
/// </remarks>
internal abstract class DocContainer
{
    /// <summary>Whether more than one place may hold this container, so that it must not be changed.</summary>
    public bool IsShared { get; private set; }

    /// <summary>How many values it holds.</summary>
    public int Count { get; protected set; }

    /// <summary>Marks it as held by more than one place. There is no way back.</summary>
    public void Share()
    {
        if (!IsShared) IsShared = true; // spec literals are shared by all threads: read before write keeps their cache line clean
    }
}
