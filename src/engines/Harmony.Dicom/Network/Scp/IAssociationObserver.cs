using System.Net;
using Harmony.Dicom.Network.Associations;
using Harmony.Dicom.Network.Dimse;
using Harmony.Dicom.Network.Pdus;

namespace Harmony.Dicom.Network.Scp;

/// <summary>Is told what happens, for logs and metrics. Called on the path of requests: it should return at once and not throw.</summary>
public interface IAssociationObserver
{
    /// <summary>An association was accepted.</summary>
    void Accepted(AssociationInfo association)
    {
    }

    /// <summary>An association was rejected.</summary>
    void Rejected(string callingAeTitle, string calledAeTitle, EndPoint? remote, AssociationRejection rejection)
    {
    }

    /// <summary>A connection ended.</summary>
    /// <param name="association">The association it had; null if there never was one.</param>
    /// <param name="remote">Address of the peer.</param>
    /// <param name="end">How it ended.</param>
    void Ended(AssociationInfo? association, EndPoint? remote, AssociationEnd end)
    {
    }

    /// <summary>The last response to a request was sent.</summary>
    void Completed(AssociationInfo association, DimseRequest request, DimseResult result, TimeSpan elapsed)
    {
    }

    /// <summary>A handler threw something that it should not have; the peer was told that the operation failed.</summary>
    void HandlerFailed(AssociationInfo association, DimseRequest request, Exception exception)
    {
    }
}
