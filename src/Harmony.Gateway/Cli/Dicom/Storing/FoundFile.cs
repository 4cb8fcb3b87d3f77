using Harmony.Dicom.Network.Dimse;

namespace Harmony.Gateway.Cli.Dicom.Storing;

/// <summary>A file that can be sent.</summary>
/// <param name="Path">As it was found.</param>
/// <param name="Instance">What is in it.</param>
internal sealed record FoundFile(string Path, SopInstance Instance);
