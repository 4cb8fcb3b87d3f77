namespace Harmony.Imaging.Dicom;

/// <summary>The DIMSE operations of composite objects and queries: PS3.7 §9.1.</summary>
internal enum DimseOperation
{
    /// <summary>C-ECHO.</summary>
    Echo,

    /// <summary>C-FIND.</summary>
    Find,

    /// <summary>C-GET.</summary>
    Get,

    /// <summary>C-MOVE.</summary>
    Move,

    /// <summary>C-STORE.</summary>
    Store,
}

/// <summary>The names of operations in metadata, paths and answers.</summary>
internal static class DimseOperations
{
    private static readonly DimseOperation[] All = Enum.GetValues<DimseOperation>();

    /// <summary><c>echo</c>, <c>find</c>, <c>get</c>, <c>move</c>, <c>store</c>.</summary>
    public static string Name(this DimseOperation operation) => operation switch
    {
        DimseOperation.Echo => "echo",
        DimseOperation.Find => "find",
        DimseOperation.Get => "get",
        DimseOperation.Move => "move",
        _ => "store",
    };

    /// <summary>As on the wire and in the metadata <c>operation</c>: <c>C-FIND</c>.</summary>
    public static string CommandName(this DimseOperation operation) => operation switch
    {
        DimseOperation.Echo => "C-ECHO",
        DimseOperation.Find => "C-FIND",
        DimseOperation.Get => "C-GET",
        DimseOperation.Move => "C-MOVE",
        _ => "C-STORE",
    };

    /// <summary>Reads such a name, in the letter case given.</summary>
    public static bool TryParse(ReadOnlySpan<char> name, out DimseOperation operation)
    {
        foreach (var known in All)
        {
            if (!name.SequenceEqual(known.Name())) continue;
            operation = known;
            return true;
        }

        operation = default;
        return false;
    }
}
