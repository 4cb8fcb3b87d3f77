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

/// <summary>An observer whose failures cost no association: what it throws is left where it came from.</summary>
internal sealed class GuardedObserver(IAssociationObserver observer) : IAssociationObserver
{
    public void Accepted(AssociationInfo association) => Try(() => observer.Accepted(association));

    public void Rejected(string callingAeTitle, string calledAeTitle, EndPoint? remote, AssociationRejection rejection)
        => Try(() => observer.Rejected(callingAeTitle, calledAeTitle, remote, rejection));

    public void Ended(AssociationInfo? association, EndPoint? remote, AssociationEnd end) => Try(() => observer.Ended(association, remote, end));

    public void Completed(AssociationInfo association, DimseRequest request, DimseResult result, TimeSpan elapsed)
        => Try(() => observer.Completed(association, request, result, elapsed));

    public void HandlerFailed(AssociationInfo association, DimseRequest request, Exception exception)
        => Try(() => observer.HandlerFailed(association, request, exception));

    private static void Try(Action tell)
    {
        try
        {
            tell();
        }
        catch (Exception)
        {
            // Who is told does not decide what happens.
        }
    }
}
