namespace Harmony.Jmix.Model;

/// <summary>
/// The attributes of a DICOM object that a package's metadata names. The engine does not parse DICOM: its caller does, with whatever library
/// the caller has.
/// </summary>
/// <param name="SopInstanceUid">(0008,0018): names the file within the package.</param>
/// <param name="StudyInstanceUid">(0020,000D).</param>
/// <param name="SeriesInstanceUid">(0020,000E).</param>
public sealed record DicomAttributes(string SopInstanceUid, string StudyInstanceUid, string SeriesInstanceUid)
{
    /// <summary>(0008,0060).</summary>
    public string Modality { get; init; } = "";

    /// <summary>(0018,0015).</summary>
    public string BodyPart { get; init; } = "";

    /// <summary>(0008,1030).</summary>
    public string StudyDescription { get; init; } = "";

    /// <summary>(0010,0020).</summary>
    public string PatientId { get; init; } = "";

    /// <summary>(0010,0021), the issuer of <see cref="PatientId"/>.</summary>
    public string IssuerOfPatientId { get; init; } = "";

    /// <summary>(0010,0010) as DICOM writes it: <c>Family^Given^Middle^Prefix^Suffix</c> (PS3.5 §6.2.1).</summary>
    public string PatientName { get; init; } = "";

    /// <summary>(0010,0030), eight digits (PS3.5 §6.2, DA).</summary>
    public string PatientBirthDate { get; init; } = "";

    /// <summary>(0010,0040): <c>M</c>, <c>F</c> or <c>O</c>.</summary>
    public string PatientSex { get; init; } = "";
}
