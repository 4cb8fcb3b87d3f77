namespace Harmony.Packages.Jmix;

/// <summary>What a request wants of a package store.</summary>
internal enum JmixOperation
{
    /// <summary>The archive of a package.</summary>
    Package,

    /// <summary>The manifest of a package.</summary>
    Manifest,

    /// <summary>The newest package of a study, built if there is none.</summary>
    Study,

    /// <summary>The same without the archive as the answer: the package shall be there for a later request.</summary>
    Prime,

    /// <summary>Takes a package in.</summary>
    Upload,

    /// <summary>One step of a resumable upload, which the identifier names; without one, its beginning.</summary>
    Resumable,

    /// <summary>Takes a package away.</summary>
    Delete,
}

/// <summary>A request to a <c>jmix</c> endpoint, understood: the feature by which the endpoint tells <c>jmix_builder</c>.</summary>
/// <param name="Operation">What is wanted.</param>
/// <param name="Id">The package, where the path names one.</param>
/// <param name="StudyInstanceUid">The study, where the request names one.</param>
/// <param name="IsTarGz">The client takes <c>application/gzip</c> and not <c>application/zip</c>.</param>
internal sealed record JmixCall(JmixOperation Operation, Guid Id = default, string StudyInstanceUid = "", bool IsTarGz = false);
