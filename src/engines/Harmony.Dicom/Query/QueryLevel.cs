namespace Harmony.Dicom.Query;

/// <summary>The levels of the query/retrieve information models, from the top: PS3.4 §C.6.</summary>
public enum QueryLevel
{
    /// <summary>Patients; only the Patient Root model has it.</summary>
    Patient,

    /// <summary>Studies.</summary>
    Study,

    /// <summary>Series.</summary>
    Series,

    /// <summary>Objects, images and others.</summary>
    Image,
}
