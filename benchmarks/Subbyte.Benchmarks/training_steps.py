"""Training steps of PyTorch, the rival of TrainingSteps.cs.

Reads a number of steps a line from standard input, and answers with their milliseconds; the first line out says the back end.
"""
import sys
import time

import torch
from torch import nn
from torch.nn import functional


class Block(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.stride, self.added = stride, outputs - inputs

    def forward(self, x):
        y = self.bn2(self.conv2(functional.relu(self.bn1(self.conv1(x)))))
        if self.added:
            x = functional.pad(x[:, :, ::2, ::2], (0, 0, 0, 0, self.added // 2, self.added - self.added // 2))
        return functional.relu(y + x)


def resnet20():
    layers = [nn.Conv2d(3, 16, 3, 1, 1, bias=False), nn.BatchNorm2d(16), nn.ReLU()]
    channels = 16
    for stage in range(3):
        for block in range(3):
            outputs = 16 << stage
            layers.append(Block(channels, outputs, 2 if stage and not block else 1))
            channels = outputs
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, 10))


def lenet5():
    return nn.Sequential(
        nn.Conv2d(1, 6, 5, 1, 2), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
        nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10))


class Words(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding, self.lstm, self.decoder = nn.Embedding(5000, 200), nn.LSTM(200, 200), nn.Linear(200, 5000)
        self.state = None

    def forward(self, ids):
        y, state = self.lstm(self.embedding(ids), self.state)
        self.state = tuple(part.detach() for part in state)
        return self.decoder(y).flatten(0, 1)


def main():
    name, batch, threads = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    torch.set_num_threads(threads)
    torch.manual_seed(1)
    if name == "lstm":
        net, x, y = Words(), torch.randint(5000, (35, batch)), torch.randint(5000, (35 * batch,))
    elif name == "lenet5":
        net, x, y = lenet5(), torch.randn(batch, 1, 28, 28), torch.randint(10, (batch,))
    else:
        net, x, y = resnet20(), torch.randn(batch, 3, 32, 32), torch.randint(10, (batch,))
    optimizer = torch.optim.SGD(net.parameters(), lr=0.01, momentum=0.9)
    mkldnn = "mkldnn" if torch.backends.mkldnn.is_available() else "no mkldnn"
    blas = next((line for line in torch.__config__.show().splitlines() if "BLAS" in line), "").strip()
    print(f"PyTorch {torch.__version__}, {mkldnn}, {blas[:80]}, {torch.get_num_threads()} threads", flush=True)
    for line in sys.stdin:
        times = []
        for _ in range(int(line)):
            start = time.perf_counter()
            optimizer.zero_grad()
            functional.cross_entropy(net(x), y).backward()
            optimizer.step()
            times.append(f"{(time.perf_counter() - start) * 1000:.4f}")
        print(" ".join(times), flush=True)


main()
