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
