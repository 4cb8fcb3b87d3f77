namespace Harmony.Imaging.Dicom;

/// <summary>
/// The names of metadata that are about DICOM, beside those of <see cref="Core.Envelope.MetadataKeys"/>. They are public: specs, policies and names of files
/// refer to them (<c>docs/dicom.md</c>).
/// </summary>
internal static class DicomMetadataKeys
{
    /// <summary>The operation as it is called on the wire, <c>C-FIND</c>.</summary>
    public const string Operation = "operation";

    /// <summary>The same, beside metadata of others that have a key of that name.</summary>
    public const string DicomOperation = "dicom.operation";

    /// <summary>The operation as backends and specs call it, <c>find</c>. A spec sets it to choose another.</summary>
    public const string DimseOp = "dimse_op";

    /// <summary>The calling and called AE title.</summary>
    public const string CallingAet = "calling_aet", CalledAet = "called_aet";

    /// <summary>SOP class of the operation.</summary>
    public const string SopClassUid = "sop_class_uid", SopInstanceUid = "sop_instance_uid";

    /// <summary>How a stored object is encoded.</summary>
    public const string TransferSyntaxUid = "transfer_syntax_uid";

    /// <summary>File name for a stored object: its UID and <c>.dcm</c>.</summary>
    public const string File = "file";

    /// <summary>The level of a query, <c>STUDY</c>; the first is what specs set, and counts more.</summary>
    public const string QueryLevel = "query_level", DicomQueryLevel = "dicom.query_level";

    /// <summary>How many matches are wanted at most.</summary>
    public const string MaxResults = "dicom.max_results";

    /// <summary>AE title of the destination of a C-MOVE.</summary>
    public const string MoveDestination = "move_destination";

    /// <summary>Of an answer: the status of DIMSE, <c>0xA700</c>, that another system gave. It says more than the HTTP status.</summary>
    public const string DicomStatus = "dicom_status";
}
