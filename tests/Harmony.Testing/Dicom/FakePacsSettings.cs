using System.Net.Security;
using Harmony.Dicom.Data;
using Harmony.Dicom.Network.Associations;
using Harmony.Dicom.Network.Dimse;
using Harmony.Dicom.Network.Pdus;
using Harmony.Dicom.Network.Scu;
using Harmony.Dicom.Query;

namespace Harmony.Testing.Dicom;

/// <summary>What a <see cref="FakePacs"/> does.</summary>
public sealed record FakePacsSettings
{
    public string AeTitle { get; init; } = "PACS";

    /// <summary>Where it listens; 0 for a free port.</summary>
    public int Port { get; init; }

    public SslServerAuthenticationOptions? Tls { get; init; }

    /// <summary>Rejects an association by giving a reason.</summary>
    public Func<AssociationInfo, AssociationRejection?>? Rejects { get; init; }

    /// <summary>Requests for associations wait for what this gives before they are answered.</summary>
    public Func<Task>? Door { get; init; }

    /// <summary>Most associations at the same time; others are rejected for the moment.</summary>
    public int MaxAssociations { get; init; } = int.MaxValue;

    /// <summary>What C-GET fails with.</summary>
    public DimseStatus? GetFails { get; init; }

    /// <summary>How an object is sent that is retrieved; as it is when null.</summary>
    public Func<DicomDataSet, ValueTask<SopInstance>>? Sends { get; init; }

    /// <summary>What echo and store answer, and find if it is a failure.</summary>
    public DimseResult Answers { get; init; } = DimseResult.Success;

    /// <summary>Operations wait for it.</summary>
    public Task? Gate { get; init; }

    /// <summary>What is said of a match, of a level; the match as it is when null. Throws to fail the query.</summary>
    public Func<QueryLevel, DicomDataSet, DicomDataSet>? Says { get; init; }

    /// <summary>Repeats its matches without end.</summary>
    public bool FindsForEver { get; init; }

    /// <summary>Fails when all matches are out.</summary>
    public bool FailsAfterMatches { get; init; }

    /// <summary>Place of an object that cannot be sent when it is retrieved.</summary>
    public int? FailsObject { get; init; }

    /// <summary>Whether it does C-GET.</summary>
    public bool Gets { get; init; } = true;

    /// <summary>Each object that is retrieved waits for what this gives for its place.</summary>
    public Func<int, Task>? ObjectGate { get; init; }

    /// <summary>Where it moves to, whatever the title; nowhere when null.</summary>
    public DicomPeer? Destination { get; init; }

    /// <summary>Moves wait for it when their request has come; null where they do not.</summary>
    public Func<Task>? MoveGate { get; set; }

    /// <summary>Whether objects of a move are sent with the number of its request.</summary>
    public bool TellsOriginator { get; init; } = true;
}
