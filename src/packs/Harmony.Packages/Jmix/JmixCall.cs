namespace Harmony.Packages.Jmix;

/// <summary>The operation of the JMIX API that a request asks for.</summary>
internal enum JmixOperation
{
    /// <summary>The archive of a package.</summary>
    Package,

    /// <summary>The manifest of a package.</summary>
    Manifest,

    /// <summary>The newest package of a study, built if there is none.</summary>
    Study,

    /// <summary>Builds the package of a study for a later request, without the archive in the response.</summary>
    Prime,

    /// <summary>Uploads a package.</summary>
    Upload,

    /// <summary>A request of a resumable upload, which the identifier names; without an identifier, its creation.</summary>
    Resumable,

    /// <summary>Deletes a package.</summary>
    Delete,
}

/// <summary>A parsed request to a <c>jmix</c> endpoint: the feature that the endpoint sets for <c>jmix_builder</c>.</summary>
/// <param name="Operation">The operation.</param>
/// <param name="Id">The package or upload that the path names; empty for none.</param>
/// <param name="StudyInstanceUid">The study that the request names; empty for none.</param>
/// <param name="IsTarGz">The client takes <c>application/gzip</c> and not <c>application/zip</c>.</param>
internal sealed record JmixCall(JmixOperation Operation, Guid Id = default, string StudyInstanceUid = "", bool IsTarGz = false);
