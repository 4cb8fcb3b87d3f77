namespace Harmony.Imaging.Dicom.Answers;

/// <summary>The folder that a backend of the gateway has filled for an answer: a feature of the response, as no path in a body can be believed so far.</summary>
/// <param name="Path">The folder, in full.</param>
internal sealed record AnsweredFolder(string Path);
